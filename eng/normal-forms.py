#!/usr/bin/env python3
"""Writes src/Microsoft.ML.Gmt/Runtime/Unicode/normal-forms.txt from Python's copy of the Unicode character database.

One line a character: 00C0=0041 0300 is a canonical decomposition that composes again, 0340:0300 one that does not, FB01~0066 0069 a
compatibility decomposition; 0300-0314#230 gives characters their combining class. Hangul is computed, not listed.
"""
import pathlib
import sys
import unicodedata

OUTPUT = pathlib.Path(__file__).parent.parent / "src/Microsoft.ML.Gmt/Runtime/Unicode/normal-forms.txt"


def decompositions():
    for code in range(sys.maxunicode + 1):
        mapping = unicodedata.decomposition(chr(code))
        if not mapping or 0xAC00 <= code <= 0xD7A3:
            continue
        kind = "~" if mapping[0] == "<" else ":"
        parts = mapping.split("> ")[-1]
        if kind == ":":
            whole = "".join(chr(int(part, 16)) for part in parts.split())
            kind = "=" if unicodedata.normalize("NFC", whole) == chr(code) else ":"
        yield f"{code:04X}{kind}{parts}"


def classes():
    first = last = value = 0
    for code in range(sys.maxunicode + 2):
        found = unicodedata.combining(chr(code)) if code <= sys.maxunicode else 0
        if value and (found != value or code != last + 1):
            yield f"{first:04X}-{last:04X}#{value}"
            value = 0
        if found:
            first, value = (code, found) if not value else (first, value)
            last = code


OUTPUT.write_text("\n".join([f"# Unicode {unicodedata.unidata_version}, by eng/normal-forms.py", *decompositions(), *classes()]) + "\n")

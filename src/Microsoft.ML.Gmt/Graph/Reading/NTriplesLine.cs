using System.Globalization;
using System.Text;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>A line of N-Triples, cut into its terms; holds the room for them. IRIs may be relative, as some files have them.</summary>
internal sealed class NTriplesLine
{
    private static readonly byte[] PlainText = "<http://www.w3.org/2001/XMLSchema#string>"u8.ToArray();

    private readonly Range[] _places = new Range[4];
    private readonly Range[] _names = new Range[4];
    private byte[] _text = new byte[256];
    private int _length;

    /// <summary>How many terms the line has: three, four with the name of a graph, none where it is blank or a comment.</summary>
    public int TermCount { get; private set; }

    /// <summary>What is wrong with the line.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Where, as a byte index.</summary>
    public int FailedAt { get; private set; }

    /// <summary>Where a term stands in the line.</summary>
    public Range Place(int term) => _places[term];

    /// <summary>A term's name; valid until the next call.</summary>
    public ReadOnlySpan<byte> Name(int term) => _text.AsSpan()[_names[term]];

    /// <summary>Finds the terms; false where the line is malformed.</summary>
    public bool TryParse(ReadOnlySpan<byte> line)
    {
        (TermCount, _length) = (0, 0);
        int position = 0;
        while (true)
        {
            Skip(line, ref position);
            if (position == line.Length || line[position] == '#')
            {
                return TermCount == 0 || Fail(position, "the line has no '.' at its end");
            }

            if (line[position] == '.' && TermCount >= 3)
            {
                position++;
                Skip(line, ref position);
                return position == line.Length || line[position] == '#' || Fail(position, "something follows the '.'");
            }

            if (TermCount == _places.Length || !TryTerm(line, ref position))
            {
                return TermCount == _places.Length ? Fail(position, "the line has more than three terms and the name of a graph") : false;
            }
        }
    }

    private static void Skip(ReadOnlySpan<byte> line, ref int position)
    {
        while (position < line.Length && line[position] is (byte)' ' or (byte)'\t')
        {
            position++;
        }
    }

    private bool TryTerm(ReadOnlySpan<byte> line, ref int position)
    {
        (int start, int nameStart) = (position, _length);
        bool isTerm = line[position] switch
        {
            (byte)'<' => TryIri(line, ref position, withBrackets: false),
            (byte)'_' when TermCount != 1 => TryBlankNode(line, ref position),
            (byte)'"' when TermCount == 2 => TryLiteral(line, ref position),
            (byte)'"' => Fail(position, "a literal can be an object only"),
            _ => Fail(position, TermCount == 1 ? "a predicate begins with '<'"
                : "a term begins with '<' or '_:', an object also with '\"'"),
        };
        if (isTerm)
        {
            _places[TermCount] = start..position;
            _names[TermCount++] = nameStart.._length;
        }

        return isTerm;
    }

    private bool TryIri(ReadOnlySpan<byte> line, ref int position, bool withBrackets)
    {
        int start = position;
        int length = line[start..].IndexOf((byte)'>');
        if (length < 0)
        {
            return Fail(start, "the '<' has no '>'");
        }

        int end = start + length;
        ReadOnlySpan<byte> inside = line[(start + 1)..end];
        if (inside.IndexOfAny(" \t<\""u8) is >= 0 and int bad)
        {
            return Fail(start + 1 + bad, "an IRI holds no blanks, quotation marks or '<'");
        }

        position = end + 1;
        return withBrackets ? AddUnescaped(line, start, position) : AddUnescaped(line, start + 1, end);
    }

    private bool TryBlankNode(ReadOnlySpan<byte> line, ref int position)
    {
        int start = position;
        int length = line[start..].IndexOfAny(" \t"u8);
        int end = length < 0 ? line.Length : start + length;
        while (end > start && line[end - 1] == '.')
        {
            end--; // the end of the statement, which may stand right behind
        }

        if (end - start < 3 || line[start + 1] != ':')
        {
            return Fail(start, "a blank node is '_:' and a name");
        }

        Add(line[start..end]);
        position = end;
        return true;
    }

    private bool TryLiteral(ReadOnlySpan<byte> line, ref int position)
    {
        int start = position;
        int end = start + 1;
        while (end < line.Length && line[end] != '"')
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        if (end >= line.Length)
        {
            return Fail(start, "the quotation mark has no partner");
        }

        position = end + 1;
        if (!AddUnescaped(line, start, position))
        {
            return false;
        }

        if (position < line.Length && line[position] == '@')
        {
            return AddLanguage(line, ref position);
        }

        if (!line[position..].StartsWith("^^<"u8))
        {
            return true;
        }

        position += 2;
        int length = _length;
        Add("^^"u8);
        int iri = _length;
        bool isIri = TryIri(line, ref position, withBrackets: true);
        _length = isIri && _text.AsSpan(iri, _length - iri).SequenceEqual(PlainText) ? length : _length;
        return isIri;
    }

    // Languages are the same in any case.
    private bool AddLanguage(ReadOnlySpan<byte> line, ref int position)
    {
        int start = position++;
        while (position < line.Length && (char.IsAsciiLetterOrDigit((char)line[position]) || line[position] == '-'))
        {
            position++;
        }

        Add(line[start..position]);
        Ascii.ToLowerInPlace(_text.AsSpan(_length - (position - start), position - start), out _);
        return position > start + 1 || Fail(start, "the '@' has no language");
    }

    private bool AddUnescaped(ReadOnlySpan<byte> line, int start, int end)
    {
        int position = start;
        while (position < end)
        {
            int plain = line[position..end].IndexOf((byte)'\\');
            int stop = plain < 0 ? end : position + plain;
            Add(line[position..stop]);
            position = stop;
            if (position < end && !TryEscape(line[..end], ref position))
            {
                return Fail(position, "the escape is none of \\t \\b \\n \\r \\f \\\" \\' \\\\ \\uXXXX \\UXXXXXXXX");
            }
        }

        return true;
    }

    private bool TryEscape(ReadOnlySpan<byte> line, ref int position)
    {
        if (position + 1 >= line.Length)
        {
            return false;
        }

        int digits = line[position + 1] switch { (byte)'u' => 4, (byte)'U' => 8, _ => 0 };
        int known = "tbnrf\"'\\"u8.IndexOf(line[position + 1]);
        if (digits == 0)
        {
            if (known >= 0)
            {
                Add("\t\b\n\r\f\"'\\"u8.Slice(known, 1));
                position += 2;
            }

            return known >= 0;
        }

        if (position + 2 + digits > line.Length
            || !uint.TryParse(line.Slice(position + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out uint point)
            || !Rune.TryCreate(point, out Rune rune))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[4];
        Add(bytes[..rune.EncodeToUtf8(bytes)]);
        position += 2 + digits;
        return true;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + bytes.Length));
        }

        bytes.CopyTo(_text.AsSpan(_length));
        _length += bytes.Length;
    }

    private bool Fail(int at, string problem)
    {
        (FailedAt, Problem) = (at, problem);
        return false;
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>A byte-pair encoding as <c>tokenizer.json</c> describes it: a vocabulary and an ordered list of merges.</summary>
internal sealed class BytePairModel : TokenModel
{
    private readonly Dictionary<string, int> _ids;
    private readonly MergeTable _merges;
    private readonly int[]? _byteIds;
    private readonly int? _unknownId;
    private readonly bool _fuseUnknown;
    private readonly bool _ignoreMerges;
    private readonly bool _usesBytes;

    /// <summary>Reads the element <c>model</c>.</summary>
    /// <param name="part">The element.</param>
    /// <param name="usesBytes">Whether the vocabulary is in <see cref="ByteLevelAlphabet"/>'s spelling.</param>
    public BytePairModel(JsonPart part, bool usesBytes)
    {
        Refuse(part["continuing_subword_prefix"]);
        Refuse(part["end_of_word_suffix"]);
        if (!part["dropout"].IsNull && part["dropout"].Number() != 0)
        {
            throw part["dropout"].Fault("merges are dropped at random, which is for training only; set it to null.");
        }

        _usesBytes = usesBytes;
        _ids = ReadVocabulary(part["vocab"]);
        _merges = ReadMerges(part["merges"].Required());
        _fuseUnknown = part["fuse_unk"].Flag(false);
        _ignoreMerges = part["ignore_merges"].Flag(false);
        _byteIds = part["byte_fallback"].Flag(false) ? FindBytes() : null;
        if (part["unk_token"].TextOrNull() is { } unknown)
        {
            _unknownId = _ids.TryGetValue(unknown, out int id)
                ? id
                : throw part["unk_token"].Fault($"'{GmtFileException.Shorten(unknown)}' is not in the vocabulary.");
        }
    }

    public override IReadOnlyDictionary<string, int> Ids => _ids;

    public override int? UnknownId => _unknownId;

    protected override int[] Encode(ReadOnlySpan<char> word, List<Range>? places) =>
        !_usesBytes ? EncodeSpelled(word, places, null)
        : EncodeSpelled(ByteLevelAlphabet.Spell(word), places, places is null ? null : ByteLevelAlphabet.PlacesOfBytes(word));

    /// <summary>Encodes a word that is spelled as the vocabulary is.</summary>
    /// <param name="word">The spelled word.</param>
    /// <param name="places">Receives where each token stands in the word as written; null where that is not asked for.</param>
    /// <param name="written">Where each character of the spelled word stands in the word as written; null where they are the same.</param>
    private int[] EncodeSpelled(ReadOnlySpan<char> word, List<Range>? places, Range[]? written)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        if (_ignoreMerges && lookup.TryGetValue(word, out int whole))
        {
            places?.Add(written is { Length: > 0 } ? written[0].Start..written[^1].End : 0..word.Length);
            return [whole];
        }

        List<int> symbols = new(word.Length);
        bool afterUnknown = false;
        Span<char> character = stackalloc char[2];
        int length;
        for (int offset = 0; offset < word.Length; offset += length)
        {
            Rune.DecodeFromUtf16(word[offset..], out Rune rune, out length);
            Range place = written is null ? offset..(offset + length) : written[offset];
            bool known = lookup.TryGetValue(character[..rune.EncodeToUtf16(character)], out int id);
            if (known)
            {
                symbols.Add(id);
                places?.Add(place);
            }
            else if (_byteIds is not null)
            {
                AddBytes(rune, symbols, place, places);
                known = true;
            }
            else if (_unknownId is { } unknown && !(afterUnknown && _fuseUnknown))
            {
                symbols.Add(unknown);
                places?.Add(place);
            }
            else if (_unknownId is not null && places is not null)
            {
                places[^1] = places[^1].Start..place.End;
            }

            afterUnknown = !known;
        }

        Span<int> tokens = CollectionsMarshal.AsSpan(symbols);
        int count = _merges.Apply(tokens, CollectionsMarshal.AsSpan(places));
        places?.RemoveRange(count, places.Count - count);
        return tokens[..count].ToArray();
    }

    private void AddBytes(Rune rune, List<int> symbols, Range place, List<Range>? places)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
        {
            symbols.Add(_byteIds![value]);
            places?.Add(place);
        }
    }

    // A vocabulary that lacks some bytes falls back to its unknown token, as if it had none of them.
    private int[]? FindBytes()
    {
        int[] ids = new int[256];
        for (int value = 0; value < ids.Length; value++)
        {
            if (!_ids.TryGetValue($"<0x{value:X2}>", out ids[value]))
            {
                return null;
            }
        }

        return ids;
    }

    // A merge is an array of two tokens, in older files a string with a space between them.
    private MergeTable ReadMerges(JsonPart part)
    {
        MergeTable merges = new(_ids.Count);
        int rank = 0;
        foreach (JsonPart merge in part.Items())
        {
            string[] pair = merge.IsString ? merge.Text().Split(' ') : [.. merge.Items().Select(item => item.Text())];
            if (pair.Length != 2)
            {
                throw merge.Fault("a merge is two tokens.");
            }

            merges.Add(Find(pair[0]), Find(pair[1]), rank++, Find(pair[0] + pair[1]));

            int Find(string token) =>
                _ids.TryGetValue(token, out int id)
                    ? id
                    : throw merge.Fault($"token '{GmtFileException.Shorten(token)}' of the merge is not in the vocabulary.");
        }

        return merges;
    }

    private static void Refuse(JsonPart part)
    {
        if (part.TextOrNull() is { Length: > 0 })
        {
            throw part.Fault("marks of word pieces are not supported in a byte-pair encoding.");
        }
    }
}

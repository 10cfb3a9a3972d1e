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

    protected override int[] Encode(ReadOnlySpan<char> word) => EncodeSpelled(_usesBytes ? ByteLevelAlphabet.Spell(word) : word.ToString());

    private int[] EncodeSpelled(string word)
    {
        if (_ignoreMerges && _ids.TryGetValue(word, out int whole))
        {
            return [whole];
        }

        List<int> symbols = new(word.Length);
        bool afterUnknown = false;
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> character = stackalloc char[2];
        foreach (Rune rune in word.EnumerateRunes())
        {
            int length = rune.EncodeToUtf16(character);
            bool known = lookup.TryGetValue(character[..length], out int id);
            if (known)
            {
                symbols.Add(id);
            }
            else if (_byteIds is not null)
            {
                AddBytes(rune, symbols);
                known = true;
            }
            else if (_unknownId is { } unknown && !(afterUnknown && _fuseUnknown))
            {
                symbols.Add(unknown);
            }

            afterUnknown = !known;
        }

        int[] tokens = [.. symbols];
        return tokens[.._merges.Apply(tokens)];
    }

    private void AddBytes(Rune rune, List<int> symbols)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
        {
            symbols.Add(_byteIds![value]);
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

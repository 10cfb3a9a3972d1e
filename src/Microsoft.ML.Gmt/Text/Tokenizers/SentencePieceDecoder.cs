using System.Text;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Sentencepiece's own decoding, which shows no control tokens.</summary>
internal sealed class SentencePieceDecoder(SentencePieceModel model, IReadOnlyDictionary<string, int> ids)
{
    /// <summary>Joins pieces, given by their spellings, into a text; the space that the dummy prefix put in front is taken away.</summary>
    public string Decode(IReadOnlyList<string> pieces)
    {
        StringBuilder text = new();
        List<byte> bytes = [];
        bool atStart = true;
        bool prefixSeen = false;
        foreach (string piece in pieces)
        {
            bool known = ids.TryGetValue(piece, out int id);
            PieceKind kind = known ? model.Pieces[id].Kind : PieceKind.Unknown;
            if (kind == PieceKind.Byte)
            {
                bytes.Add(Convert.FromHexString(piece.AsSpan(3, 2))[0]);
                continue;
            }

            AppendBytes(text, bytes);
            atStart &= !prefixSeen && text.Length == 0;
            prefixSeen = false;
            if (kind == PieceKind.Unknown)
            {
                text.Append(known ? model.UnknownSurface : piece);
            }
            else if (kind != PieceKind.Control)
            {
                bool prefix = atStart && (model.AddDummyPrefix || model.RemoveExtraWhitespaces)
                    && piece[0] == SentencePieceNormalizer.Space;
                prefixSeen = prefix && !model.RemoveExtraWhitespaces;
                text.Append((prefix ? piece[1..] : piece).Replace(SentencePieceNormalizer.Space, ' '));
            }
        }

        AppendBytes(text, bytes);
        return text.ToString();
    }

    // One replacement character for each byte that belongs to no valid character.
    private static void AppendBytes(StringBuilder text, List<byte> bytes)
    {
        ReadOnlySpan<byte> rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes);
        while (rest.Length > 0)
        {
            bool valid = Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            text.Append(rune.ToString());
            rest = rest[(valid ? length : 1)..];
        }

        bytes.Clear();
    }
}

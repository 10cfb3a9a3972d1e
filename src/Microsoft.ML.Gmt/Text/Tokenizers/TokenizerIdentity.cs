using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Microsoft.ML.Gmt.Text;

/// <summary>What a saved model records of a tokenizer that it cannot hold.</summary>
/// <param name="Type">The tokenizer's type, with its namespace.</param>
/// <param name="Hash">SHA-256 over the vocabulary's size, the special ids, and what it makes of <see cref="ProbeTexts"/>.</param>
internal sealed record TokenizerIdentity(string Type, string Hash)
{
    private const int Nothing = -1;

    /// <summary>Describes a tokenizer.</summary>
    public static TokenizerIdentity Of(TextTokenizer tokenizer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(
        [
            tokenizer.VocabularySize, tokenizer.BeginOfSequenceId ?? Nothing,
            tokenizer.EndOfSequenceId ?? Nothing, tokenizer.PadId ?? Nothing,
        ]);
        foreach (string text in ProbeTexts.All)
        {
            IReadOnlyList<int> ids = tokenizer.Encode(text);
            Append([ids.Count, .. ids]);
        }

        return new TokenizerIdentity(tokenizer.TypeName, Convert.ToHexStringLower(hash.GetHashAndReset()));

        void Append(int[] numbers)
        {
            byte[] bytes = new byte[numbers.Length * sizeof(int)];
            for (int i = 0; i < numbers.Length; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), numbers[i]);
            }

            hash.AppendData(bytes);
        }
    }

    /// <summary>How another tokenizer differs; null where it is the same.</summary>
    public string? DifferenceTo(TokenizerIdentity other) =>
        Type != other.Type ? $"it is a {other.Type}, and not a {Type}"
        : Hash != other.Hash ? "it has other special tokens, or makes other tokens of some texts"
        : null;
}

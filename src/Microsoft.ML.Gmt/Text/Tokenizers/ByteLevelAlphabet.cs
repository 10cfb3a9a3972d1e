using System.Text;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// GPT-2's spelling of bytes as visible characters, in which byte-level vocabularies are written: printable Latin-1 characters stand for
/// themselves, the other 68 bytes are U+0100 onwards, so that a space is <c>Ġ</c>.
/// </summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] Characters = BuildCharacters();
    private static readonly Dictionary<char, byte> Values = Enumerable.Range(0, 256)
        .ToDictionary(value => Characters[value], value => (byte)value);

    /// <summary>Spells the UTF-8 bytes of a text.</summary>
    public static string Spell(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int count = Encoding.UTF8.GetBytes(text, bytes);
        return string.Create(count, bytes, (characters, source) =>
        {
            for (int i = 0; i < characters.Length; i++)
            {
                characters[i] = Characters[source[i]];
            }
        });
    }

    /// <summary>Where in a text the character stands that each of its UTF-8 bytes belongs to.</summary>
    public static Range[] PlacesOfBytes(ReadOnlySpan<char> text)
    {
        List<Range> places = new(text.Length);
        int length;
        for (int offset = 0; offset < text.Length; offset += length)
        {
            Rune.DecodeFromUtf16(text[offset..], out Rune rune, out length);
            places.AddRange(Enumerable.Repeat(offset..(offset + length), rune.Utf8SequenceLength));
        }

        return [.. places];
    }

    /// <summary>Appends the bytes that a token spells; a token with any other character (an added one) stands for itself.</summary>
    public static void AppendBytes(string token, List<byte> bytes)
    {
        int start = bytes.Count;
        foreach (char character in token)
        {
            if (!Values.TryGetValue(character, out byte value))
            {
                bytes.RemoveRange(start, bytes.Count - start);
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
                return;
            }

            bytes.Add(value);
        }
    }

    private static char[] BuildCharacters()
    {
        char[] characters = new char[256];
        char next = '\u0100';
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = printable ? (char)value : next++;
        }

        return characters;
    }
}

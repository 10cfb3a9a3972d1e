using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Benchmarks;

/// <summary>Texts in which tokenizers differ sooner than in what people write: each is put together from pieces of many kinds.</summary>
internal static class RandomTexts
{
    private const int MostPieces = 8;

    private static readonly string[] Words =
    [
        "the", "The", "theory", "is", "it's", "we'll", "DON'T", "Straße", "café", "naïve", "Łódź", "İstanbul",
        "antidisestablishmentarianism", "http://a.b/c?d=e",
        "1984", "3.14", "½", "Ⅷ", "٣", "True", "False", "(", ")", ",", ".", "-", "_", "\"", "'", "#", "$5", "+", "=", "^", "`", "~", "|",
        "<", ">", "“", "”", "—", "…",
    ];

    private static readonly string[] Spaces =
    [
        " ", " ", " ", "  ", "   ", "\n", "\n\n", "\t", "\r\n", "\u00A0", "\u3000", "\u2003", "\u200B", "\u0085", "\u2028", "\u1680",
    ];

    private static readonly string[] Marks =
    [
        "\u0301", "\u0300", "\u0323", "\u20DD", "\u0903", "\u093F", "\u0E31", "\uFE0F", "\u200D", "\u200C", "\u00AD", "\uFEFF", "\u202E",
    ];

    private static readonly string[] Faces = ["😀", "👍🏽", "👨‍👩‍👧", "🇫🇷", "𝐀", "𠀀", "𐍈", "🏴", "ﬁ", "Å", "ﾊ", "Ａ", "ǅ", "ẞ", "ı"];

    private static readonly string[] Special =
    [
        "<s>", "</s>", "<unk>", "<pad>", "[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "[cls]", "<|im_start|>", "<|im_end|>",
        "<|endoftext|>", "<|begin_of_text|>",
        "<0x0A>", "<0xE2>", "▁", "▁a", "Ġ", "##s", "\uFFFD", "\uFFFE", "\uFFFF", "\uD83D", "\uDE00", "\uDC00\uD800", "\0", "\u0007",
        "\u001B", "\u007F",
    ];

    // Ranges of code points, first and last.
    private static readonly (int First, int Last)[] Scripts =
    [
        (0x21, 0x7E), (0xA1, 0x17F), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F),
        (0x1E00, 0x1EFF),
        (0x2010, 0x2BFF), (0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xE000, 0xE0FF), (0xF900, 0xFAFF),
        (0xFB00, 0xFFEF), (0x1D400, 0x1D7FF),
        (0x1F300, 0x1FAFF), (0x20000, 0x2A6DF), (0x2B820, 0x2CEAF), (0x1, 0x10FFFF),
    ];

    /// <summary>Makes the texts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Which ones.</param>
    public static string[] Make(int count, int seed)
    {
        var streams = new RandomStreams(seed);
        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            CounterRandom random = streams.Stream("texts", i);
            StringBuilder text = new();
            for (int pieces = 1 + random.Next(MostPieces); pieces > 0; pieces--)
            {
                Append(text, ref random);
            }

            texts[i] = text.ToString();
        }

        return texts;
    }

    private static void Append(StringBuilder text, ref CounterRandom random)
    {
        switch (random.Next(16))
        {
            case < 5: text.Append(Words[random.Next(Words.Length)]).Append(random.Next(3) > 0 ? " " : ""); break;
            case < 7: text.Append(Spaces[random.Next(Spaces.Length)]); break;
            case 7: text.Append(' ', 1 + random.Next(40)); break;
            case 8: text.Append(Words[random.Next(Words.Length)]).Append(Marks[random.Next(Marks.Length)]); break;
            case 9: text.Append(Faces[random.Next(Faces.Length)]); break;
            case < 12: text.Append(Special[random.Next(Special.Length)]); break;
            case 12: text.Append((char)('a' + random.Next(26)), 1 + random.Next(120)); break;
            default:
                (int first, int last) = Scripts[random.Next(Scripts.Length)];
                for (int length = 1 + random.Next(5); length > 0; length--)
                {
                    int value = first + random.Next(last - first + 1);
                    text.Append(Rune.IsValid(value) ? new Rune(value).ToString() : $"{(char)value}");
                }

                break;
        }
    }
}

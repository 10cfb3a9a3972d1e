namespace Microsoft.ML.Gmt.Text;

/// <summary>Texts that tell tokenizers apart. They never change: saved models hold hashes of what tokenizers make of them.</summary>
internal static class ProbeTexts
{
    /// <summary>Sixty-four texts.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        // Words, capitals and contractions.
        "", "a", "Hello world", "The quick brown fox jumps over the lazy dog.", "HELLO hello Hello hELLO",
        "it's we're I'll don't they've I'd",
        "antidisestablishmentarianism internationalization", "email@example.com https://example.org/a?b=c&d=%20",

        // What this library writes to language models.
        "Is this triple true or false?", "( Paris, capital of, France )", "### Instruction:\nTrue or False?\n\n### Response:\n", "True",
        "False",
        " True", "\nTrue", "entity_12345 /m/0abc_9 Q42", "member of the European Union",

        // Numbers and signs.
        "1234567890", "3.14159 -2,718.28 1e-9", "1984 is 2024-12-31T23:59:60Z", "½ ² Ⅷ ٣ १२३ 𝟘𝟙",
        "a+b=c; x^2 != y_1 && (z || !w) -> {k: [v]}",
        "#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "...!!!???---", "“quoted” ‘text’ «guillemets» – — …", "€100 £50 ¥2000 ₹3",

        // White space.
        " ", "  ", "a  b   c    d", " leading and trailing ", "\t\ttabs\tand\nlines\r\nand\u00A0spaces\u2003of\u3000all kinds", "\n\n\n",
        "                                                                ",

        // Accents, composed and not, and other scripts.
        "café cafe\u0301 naïve nai\u0308ve", "Ångström A\u030Angstro\u0308m Å", "Straße STRASSE ẞ", "İstanbul ıI iİ", "Привет, мир",
        "Γειά σου Κόσμε",
        "שלום עולם", "مرحبا بالعالم", "नमस्ते दुनिया", "สวัสดีชาวโลก", "你好,世界", "こんにちは世界 カタカナ ﾊﾝｶｸ", "안녕하세요 세계", "ﬁ ﬂ ﬀ Ａｂｃ ㎏ №",
        "Việt Nam đẹp", "Łódź Žižkov Ísland ðþ",

        // Beyond the first plane, control characters, and what is no character.
        "😀 👍🏽 👨‍👩‍👧‍👦 🇫🇷", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 𠀀𠀁", "a\u0000b\u0007c\u001Bd\u007Fe", "zero\u200Bwidth\u200Djoin\uFEFFmark\u00ADsoft",
        "\uFFFD \uFFFE \uFFFF",
        "\uD83D alone \uDE00", "\u2581a \u2581\u2581b", "Ġa Ċb ##c",

        // Written special tokens, and long words.
        "<s>text</s>", "<pad><unk>", "[CLS] text [SEP] [MASK]", "<|endoftext|><|im_start|>user\nhi<|im_end|>", "<0x0A><0xE2>",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789",
    ];
}

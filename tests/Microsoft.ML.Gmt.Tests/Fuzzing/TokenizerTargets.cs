using System.Text;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>The files of a tokenizer. What loads has to encode and decode as well.</summary>
internal static class TokenizerTargets
{
    private static readonly string[] Texts = ["", "Hello  world\n<s>é½Ⅱ</s> 😀\ud83d", "it's [X] aab\u0301 1984"];

    private static readonly TokenizerSettings Plain = TokenizerSettings.From(default, default);

    private static readonly JsonPart Json = JsonPart.Parse("tokenizer.json", """
        {"added_tokens": [{"id": 0, "content": "<s>", "special": true}, {"id": 1, "content": "[X]", "lstrip": true, "normalized": true}],
         "normalizer": {"type": "NFC"}, "pre_tokenizer": {"type": "BertPreTokenizer"}, "decoder": {"type": "Fuse"},
         "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}],
          "special_tokens": {"<s>": {"ids": [0]}}},
         "model": {"type": "BPE", "unk_token": "u", "vocab": {"u": 2, "a": 3, "b": 4, "aa": 5, "</s>": 6}, "merges": ["a a"]}}
        """u8.ToArray());

    private static readonly SentencePieceModel Pieces = SentencePieceModel.Parse("tokenizer.model", SmallModel());

    /// <summary>A <c>tokenizer.json</c>.</summary>
    public static void TokenizerJson(byte[] input) => Use(new JsonTokenizer(JsonPart.Parse("tokenizer.json", input), Plain));

    /// <summary>A <c>tokenizer.model</c>.</summary>
    public static void TokenizerModel(byte[] input) =>
        Use(new SentencePieceTokenizer("tokenizer.model", SentencePieceModel.Parse("tokenizer.model", input), Plain));

    /// <summary>A <c>tokenizer_config.json</c> and a <c>special_tokens_map.json</c>, beside a vocabulary of either kind.</summary>
    public static void TokenizerConfig(byte[] input)
    {
        byte[][] parts = FuzzFile.Parts(input, 2);
        TokenizerSettings settings = TokenizerSettings.From(
            JsonPart.Parse("tokenizer_config.json", parts[0]),
            parts[1].Length == 0 ? default : JsonPart.Parse("special_tokens_map.json", parts[1]));
        Use(new JsonTokenizer(Json, settings));
        Use(new SentencePieceTokenizer("tokenizer.model", Pieces, settings));
    }

    private static void Use(TextTokenizer tokenizer)
    {
        foreach (string text in Texts)
        {
            IReadOnlyList<int> ids = tokenizer.Encode(text);
            tokenizer.Decode(ids, skipSpecialTokens: false);
            if (ids.Any(id => id < 0 || id >= tokenizer.VocabularySize))
            {
                throw new InvalidOperationException("A token is not in the vocabulary.");
            }
        }
    }

    /// <summary>A sentencepiece model: unknown, begin and end of sequence, four pieces.</summary>
    public static byte[] SmallModel()
    {
        List<byte> model = [];
        foreach ((string text, float score, int kind) in ((string, float, int)[])
            [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("\u2581", -1, 1), ("a", -2, 1), ("\u2581a", -3, 1), ("aa", -4, 1)])
        {
            byte[] name = Encoding.UTF8.GetBytes(text);
            byte[] piece = [0x0A, (byte)name.Length, .. name, 0x15, .. BitConverter.GetBytes(score), 0x18, (byte)kind];
            model.AddRange([0x0A, (byte)piece.Length, .. piece]);
        }

        return [.. model, 0x12, 2, 0x18, 2];
    }
}

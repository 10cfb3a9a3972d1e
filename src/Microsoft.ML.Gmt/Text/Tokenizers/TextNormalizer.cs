using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Rewrites a text before it is split: the <c>normalizer</c> of <c>tokenizer.json</c>.</summary>
internal abstract class TextNormalizer
{
    public abstract string Apply(string text);

    /// <summary>Reads a normalizer, or null where there is none.</summary>
    public static TextNormalizer? Read(JsonPart part) => part.IsNull ? null : part["type"].Text() switch
    {
        "NFC" => new UnicodeForm(NormalizationForm.FormC),
        "NFD" => new UnicodeForm(NormalizationForm.FormD),
        "NFKC" => new UnicodeForm(NormalizationForm.FormKC),
        "NFKD" => new UnicodeForm(NormalizationForm.FormKD),
        "BertNormalizer" => new BertNormalizer(part),
        "Prepend" => new Prefix(part["prepend"].Text()),
        "Replace" => new Replacement(part["pattern"]["String"].Text(), part["content"].Text()),
        "Sequence" => new Chain([.. part["normalizers"].Items().Select(item => Read(item) ?? throw item.Fault("expected a normalizer, found null."))]),
        string type => throw part.Fault($"normalizer '{GmtFileException.Shorten(type)}' is not supported."),
    };

    /// <summary>One of Unicode's normal forms (UAX #15).</summary>
    private sealed class UnicodeForm(NormalizationForm form) : TextNormalizer
    {
        // Unpaired surrogates have no normal form; they count as U+FFFD like everywhere else.
        public override string Apply(string text) =>
            System.Text.Ascii.IsValid(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Normalize(form);
    }

    private sealed class Prefix(string prefix) : TextNormalizer
    {
        public override string Apply(string text) => text.Length == 0 ? text : prefix + text;
    }

    private sealed class Replacement(string pattern, string content) : TextNormalizer
    {
        public override string Apply(string text) => pattern.Length == 0 ? text : text.Replace(pattern, content, StringComparison.Ordinal);
    }

    private sealed class Chain(TextNormalizer[] steps) : TextNormalizer
    {
        public override string Apply(string text) => steps.Aggregate(text, (current, step) => step.Apply(current));
    }
}

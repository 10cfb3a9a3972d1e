using System.Text;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Rewrites a text before it is split: the <c>normalizer</c> of <c>tokenizer.json</c>.</summary>
internal abstract class TextNormalizer : Normalizer
{
    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());

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
        "Sequence" => new Chain(
        [
            .. part["normalizers"].Items().Select(item => Read(item) ?? throw item.Fault("expected a normalizer, found null.")),
        ]),
        string type => throw part.Fault($"normalizer '{GmtFileException.Shorten(type)}' is not supported."),
    };

    /// <summary>
    /// A text in one of Unicode's normal forms (UAX #15). .NET refuses U+FFFE, which no form changes and which changes nothing beside it:
    /// it stays where it is.
    /// </summary>
    protected static string ToForm(string text, NormalizationForm form) =>
        !text.Contains('\uFFFE', StringComparison.Ordinal) ? text.Normalize(form)
        : string.Join('\uFFFE', text.Split('\uFFFE').Select(part => part.Normalize(form)));

    /// <summary>One of Unicode's normal forms.</summary>
    private sealed class UnicodeForm(NormalizationForm form) : TextNormalizer
    {
        // Unpaired surrogates have no normal form; they count as U+FFFD like everywhere else.
        public override string Normalize(string original) =>
            System.Text.Ascii.IsValid(original) ? original : ToForm(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(original)), form);
    }

    private sealed class Prefix(string prefix) : TextNormalizer
    {
        public override string Normalize(string original) => original.Length == 0 ? original : prefix + original;
    }

    private sealed class Replacement(string pattern, string content) : TextNormalizer
    {
        public override string Normalize(string original) =>
            pattern.Length == 0 ? original : original.Replace(pattern, content, StringComparison.Ordinal);
    }

    private sealed class Chain(TextNormalizer[] steps) : TextNormalizer
    {
        public override string Normalize(string original) => steps.Aggregate(original, (current, step) => step.Normalize(current));
    }
}

using System.Text;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Rewrites a text before it is split: the <c>normalizer</c> of <c>tokenizer.json</c>.</summary>
internal abstract class TextNormalizer : Normalizer
{
    private const string Steps = "normalizers";

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());

    /// <inheritdoc/>
    /// <exception cref="GmtFileException">The tokenizer's file multiplies the text beyond all measure.</exception>
    public override string Normalize(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return Rewrite(original, PipelineLimits.LengthFor(original.Length));
    }

    /// <summary>Rewrites a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">How long the result may be.</param>
    protected abstract string Rewrite(string text, long limit);

    /// <summary>Reads a normalizer, or null where there is none.</summary>
    /// <exception cref="GmtFileException">It is malformed or not supported.</exception>
    public static TextNormalizer? Read(JsonPart part)
    {
        PipelineLimits.CheckSteps(part, Steps);
        return ReadStep(part);
    }

    private static TextNormalizer? ReadStep(JsonPart part) => part.IsNull ? null : part["type"].Text() switch
    {
        "NFC" => new UnicodeForm(NormalizationForm.FormC),
        "NFD" => new UnicodeForm(NormalizationForm.FormD),
        "NFKC" => new UnicodeForm(NormalizationForm.FormKC),
        "NFKD" => new UnicodeForm(NormalizationForm.FormKD),
        "BertNormalizer" => new BertNormalizer(part),
        "Prepend" => new Prefix(part, part["prepend"].Text()),
        "Replace" => new Replacement(part, part["pattern"]["String"].Text(), part["content"].Text()),
        "Sequence" => new Chain(
        [
            .. part[Steps].Items().Select(item => ReadStep(item) ?? throw item.Fault("expected a normalizer, found null.")),
        ]),
        string type => throw part.Fault($"normalizer '{GmtFileException.Shorten(type)}' is not supported."),
    };

    /// <summary>One of Unicode's normal forms.</summary>
    private sealed class UnicodeForm(NormalizationForm form) : TextNormalizer
    {
        protected override string Rewrite(string text, long limit) => NormalForm.Of(text, form);
    }

    private sealed class Prefix(JsonPart part, string prefix) : TextNormalizer
    {
        protected override string Rewrite(string text, long limit)
        {
            PipelineLimits.Check(text.Length + prefix.Length, limit, part);
            return text.Length == 0 ? text : prefix + text;
        }
    }

    private sealed class Replacement(JsonPart part, string pattern, string content) : TextNormalizer
    {
        protected override string Rewrite(string text, long limit) =>
            pattern.Length == 0 ? text : PipelineLimits.Replace(text, pattern, content, limit, part);
    }

    private sealed class Chain(TextNormalizer[] steps) : TextNormalizer
    {
        protected override string Rewrite(string text, long limit) =>
            steps.Aggregate(text, (current, step) => step.Rewrite(current, limit));
    }
}

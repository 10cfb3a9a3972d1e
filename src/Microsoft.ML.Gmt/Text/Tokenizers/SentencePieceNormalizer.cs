using System.Text;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// Writes a text as sentencepiece splits it: spaces become <c>▁</c>, one more stands in front, and superfluous ones go, as the model says.
/// </summary>
internal sealed class SentencePieceNormalizer(SentencePieceModel model) : TextNormalizer
{
    /// <summary>What stands for a space.</summary>
    public const char Space = '\u2581';

    /// <inheritdoc/>
    protected override string Rewrite(string text, long limit) => Normalize(text.AsSpan());

    /// <inheritdoc/>
    public override string Normalize(ReadOnlySpan<char> original)
    {
        StringBuilder result = new(original.Length + 1);
        foreach (char character in model.RemoveExtraWhitespaces ? original.Trim(' ') : original)
        {
            bool extra = model.RemoveExtraWhitespaces && character == ' ' && result.Length > 0 && result[^1] == ' ';
            if (!extra)
            {
                result.Append(character);
            }
        }

        if (result.Length > 0 && model.AddDummyPrefix)
        {
            result.Insert(model.WhitespaceIsSuffix ? result.Length : 0, ' ');
        }

        return (model.EscapeWhitespaces ? result.Replace(' ', Space) : result).ToString();
    }
}

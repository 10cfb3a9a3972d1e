using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// Bounds of what <c>tokenizer.json</c> may ask for: a few replacements one after the other can make gigabytes of one letter, and thousands
/// of patterns take minutes to compile. Real files stay far below.
/// </summary>
internal static class PipelineLimits
{
    /// <summary>The longest pattern, in characters.</summary>
    public const int LongestPattern = 4096;

    private const int MostSteps = 64;
    private const int MostGrowth = 64;   // the largest of Unicode's own decompositions is 18
    private const int Allowance = 4096;

    /// <summary>How long a text may get on its way through a pipeline.</summary>
    /// <param name="length">How long it is in the beginning.</param>
    public static long LengthFor(long length) => (length * MostGrowth) + Allowance;

    /// <summary>Replaces a pattern, unless the result would be too long.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pattern">What is replaced; not empty.</param>
    /// <param name="content">What stands there afterwards.</param>
    /// <param name="limit">How long the result may be.</param>
    /// <param name="part">The step, for the error.</param>
    /// <exception cref="GmtFileException">The result would be longer.</exception>
    public static string Replace(string text, string pattern, string content, long limit, JsonPart part)
    {
        if (content.Length > pattern.Length)
        {
            long growth = (long)text.AsSpan().Count(pattern) * (content.Length - pattern.Length);
            Check(text.Length + growth, limit, part);
        }

        return text.Replace(pattern, content, StringComparison.Ordinal);
    }

    /// <summary>Refuses a text that has grown too long.</summary>
    public static void Check(long length, long limit, JsonPart part)
    {
        if (length > limit)
        {
            throw part.Fault(string.Create(
                CultureInfo.InvariantCulture,
                $"it makes a text of {length:n0} characters where {limit:n0} would be much; no real tokenizer "
                + $"multiplies texts so. Do not use this file."));
        }
    }

    /// <summary>Refuses a pipeline of more steps than any real one has, chains within chains included.</summary>
    /// <param name="part">The step or chain.</param>
    /// <param name="list">The name under which a chain has its steps.</param>
    public static void CheckSteps(JsonPart part, string list)
    {
        int steps = Count(part, list);
        if (steps > MostSteps)
        {
            throw part.Fault(string.Create(CultureInfo.InvariantCulture, $"it has {steps} steps; up to {MostSteps} are supported."));
        }
    }

    private static int Count(JsonPart part, string list) =>
        !part.IsObject ? 1 : 1 + (part[list].IsArray ? part[list].Items().Sum(item => Count(item, list)) : 0);
}

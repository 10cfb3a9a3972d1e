using System.Globalization;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Says which rows are too long, before a run learns from what is left of them.</summary>
internal static class RowLengths
{
    /// <summary>Sentences about rows that are cut, or longer than the language model's positions; none where all is well.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="cutoffLength">How many tokens a row has at most.</param>
    /// <param name="positions">Positions of the language model.</param>
    public static IEnumerable<string> Warnings(IReadOnlyList<TokenizedRow> rows, int cutoffLength, int positions)
    {
        int cut = rows.Count(row => row.IsCut), without = rows.Count(row => row.LabelCount == 0);
        if (cut > 0 || without > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{cut:n0} of {rows.Count:n0} rows are longer than {cutoffLength:n0} tokens: the end of their answers, or all of it, is "
                + $"cut off. {without:n0} rows have nothing left to learn and are left out. Raise Text.CutoffLength.");
        }

        int beyond = rows.Count(row => row.Ids.Count > positions);
        if (beyond > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{beyond:n0} of {rows.Count:n0} rows are longer than the {positions:n0} positions of the language model "
                + $"(max_position_embeddings), beyond which it was not trained. Shorten names or texts, or take a model with more.");
        }
    }
}

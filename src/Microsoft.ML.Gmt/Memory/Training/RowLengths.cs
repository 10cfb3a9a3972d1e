using System.Globalization;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>How many rows are too long, or have nothing to learn.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Cut">Rows longer than the cut-off.</param>
/// <param name="WithoutLabels">Rows without a token to predict.</param>
/// <param name="BeyondPositions">Rows longer than the language model's positions.</param>
internal readonly record struct RowLengths(int Rows, int Cut, int WithoutLabels, int BeyondPositions)
{
    /// <summary>Counts rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="positions">Positions of the language model.</param>
    public static RowLengths Of(IReadOnlyList<TokenizedRow> rows, int positions) => new(
        rows.Count, rows.Count(row => row.IsCut), rows.Count(row => row.LabelCount == 0), rows.Count(row => row.Ids.Count > positions));

    /// <summary>Sentences that warn of them; none where all is well.</summary>
    /// <param name="cutoffLength">How many tokens a row has at most.</param>
    /// <param name="positions">Positions of the language model.</param>
    public IEnumerable<string> Warnings(int cutoffLength, int positions)
    {
        if (Cut > 0 || WithoutLabels > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{Cut:n0} of {Rows:n0} rows are longer than {cutoffLength:n0} tokens: the end of their answers, or all of it, is cut off. "
                + $"{WithoutLabels:n0} rows have nothing left to learn and are left out. Raise Text.CutoffLength.");
        }

        if (BeyondPositions > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{BeyondPositions:n0} of {Rows:n0} rows are longer than the {positions:n0} positions of the language model "
                + $"(max_position_embeddings), beyond which it was not trained. Shorten names or texts, or take a model with more.");
        }
    }
}

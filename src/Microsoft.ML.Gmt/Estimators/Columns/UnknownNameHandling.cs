namespace Microsoft.ML.Gmt;

/// <summary>What becomes of rows with a name that the graph lacks, or by which several go.</summary>
public enum UnknownNameHandling
{
    /// <summary>
    /// In transformed data <c>Known</c> and <c>PredictedLabel</c> are false, <c>Score</c> and <c>Probability</c> are NaN, texts are
    /// empty; in training the row is left out. They are counted, and a warning says how many there were. The default.
    /// </summary>
    Missing,

    /// <summary>The first one ends the reading with an <see cref="Graph.UnknownNameException"/>.</summary>
    Error,
}

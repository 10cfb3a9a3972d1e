using System.Globalization;

namespace Microsoft.ML.Gmt.Training;

/// <summary>How long a run is whose epochs are left open: as many epochs as make some steps, within bounds.</summary>
/// <param name="Steps">Steps that it has at least, up to <paramref name="Most"/> epochs.</param>
/// <param name="Fewest">The fewest epochs.</param>
/// <param name="Most">The most epochs.</param>
internal sealed record EpochBudget(int Steps, int Fewest, int Most)
{
    /// <summary>Steps of an epoch, at least one.</summary>
    /// <param name="rows">Rows to train on.</param>
    /// <param name="batchSize">Rows of a step.</param>
    public static long StepsPerEpoch(long rows, int batchSize) => Math.Max(1, (rows + batchSize - 1) / batchSize);

    /// <summary>The epochs of a run.</summary>
    /// <inheritdoc cref="StepsPerEpoch"/>
    public int EpochsFor(long rows, int batchSize)
    {
        long stepsPerEpoch = StepsPerEpoch(rows, batchSize);
        return (int)Math.Clamp((Steps + stepsPerEpoch - 1) / stepsPerEpoch, Fewest, Most);
    }

    /// <summary>The rule in words.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"as many as make {Steps:N0} steps, from {Fewest} to {Most}");
}

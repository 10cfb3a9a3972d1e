namespace Microsoft.ML.Gmt.Training;

/// <summary>What was learned from a part of an optimizer step.</summary>
/// <param name="Mean">The part's mean loss; of no meaning where nothing was learned from.</param>
/// <param name="Weight">How much was learned from, in rows or in micro batches; 0 for nothing.</param>
internal readonly record struct PartLoss(double Mean, double Weight)
{
    /// <summary>Of a part without rows.</summary>
    public static PartLoss None { get; } = new(double.NaN, 0);
}

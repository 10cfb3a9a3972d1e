namespace Examples.Demo;

/// <summary>What a model reaches on the test triples; a figure that it has not is null.</summary>
/// <param name="Name">The model.</param>
/// <param name="Labels">Which labels it has learned from.</param>
internal sealed record Result(string Name, string Labels)
{
    public double? Accuracy { get; init; }

    public double? Precision { get; init; }

    public double? Recall { get; init; }

    public double? F1 { get; init; }

    public double? Auc { get; init; }

    public double? CalibrationError { get; init; }

    public double? Mrr { get; init; }

    public double? HitsAt1 { get; init; }

    public double? HitsAt3 { get; init; }

    public double? HitsAt10 { get; init; }

    public double? Amri { get; init; }

    /// <summary>Processor seconds to make the model and to judge and rank by it, without those of the models that it reads.</summary>
    public double? Seconds { get; init; }
}


namespace Microsoft.ML.Gmt.Paths;

/// <summary>How wide and deep a <see cref="TrainedPathModel"/> is.</summary>
internal sealed record TrainedShape
{
    /// <summary>d, the width of states.</summary>
    public required int Width { get; init; }

    /// <summary>h, the width of the readout's hidden layer.</summary>
    public required int HiddenWidth { get; init; }

    /// <summary>L, how many layers there are.</summary>
    public required int Layers { get; init; }

    /// <summary>R, how many relations the graph has.</summary>
    public required int Relations { get; init; }

    /// <summary>How many numbers the weights are.</summary>
    public long ParameterCount => Parts().Sum(part => part.Shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>The weights by name.</summary>
    public IEnumerable<(string Name, long[] Shape)> Parts()
    {
        long labels = 2L * Relations;
        yield return (TrainedModule.Queries, [labels, Width]);
        yield return (TrainedModule.LabelStart, [Layers, labels, Width]);
        yield return (TrainedModule.LabelOfQuery, [Layers, labels, Width, Width]);
        yield return (TrainedModule.Linear, [Layers, Width, 2 * Width]);
        yield return (TrainedModule.Bias, [Layers, Width]);
        yield return (TrainedModule.NormScale, [Layers, Width]);
        yield return (TrainedModule.NormShift, [Layers, Width]);
        yield return (TrainedModule.DegreeScale, [Layers, 3, Width]);
        yield return (TrainedModule.Hidden, [HiddenWidth, 2 * Width]);
        yield return (TrainedModule.HiddenBias, [HiddenWidth]);
        yield return (TrainedModule.Output, [HiddenWidth]);
        yield return (TrainedModule.OutputBias, [1]);
    }

    /// <exception cref="ArgumentException">A size is out of its range.</exception>
    public void Check()
    {
        new PathTrainingOptions { StateDimension = Width, HiddenDimension = HiddenWidth, NumberOfLayers = Layers }.Check();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Relations);
    }
}

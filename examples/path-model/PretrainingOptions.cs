using Microsoft.ML.Gmt.Paths;

namespace Examples.PathModel;

/// <summary>How the model is trained. The number of epochs is no part of it: a run may go on longer than was first asked for.</summary>
internal sealed record PretrainingOptions
{
    /// <summary>The model of the package.</summary>
    public static FoundationShape Shape { get; } = new(Width: 32, HiddenWidth: 64, RelationLayers: 4, EntityLayers: 5);

    public int QueriesInStep { get; init; } = 16;

    public int RelationsInStep { get; init; } = 6;

    public int StepsInEpoch { get; init; } = 1000;

    /// <summary>The highest learning rate: reached after the warm-up, from where it falls with the root of the steps.</summary>
    public double LearningRate { get; init; } = 3e-3;

    public int WarmUpSteps { get; init; } = 200;

    /// <summary>After how many steps the learning rate has fallen to 0.7 of the highest.</summary>
    public int DecaySteps { get; init; } = 3000;

    public double WeightDecay { get; init; } = 1e-4;

    public double LargestGradientNorm { get; init; } = 1;

    /// <summary>The share of the mean weights that stays in a step; they are what is saved.</summary>
    public double AverageDecay { get; init; } = .999;

    /// <summary>The weight of binary cross-entropies beside the cross-entropy.</summary>
    public double BinaryWeight { get; init; } = .5;

    public int Seed { get; init; } = 42;
}

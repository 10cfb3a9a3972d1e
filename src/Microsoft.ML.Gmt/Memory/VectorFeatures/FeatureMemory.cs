using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>The part of a model's memory that comes from a column of numbers. Any number of threads may read one.</summary>
internal sealed class FeatureMemory
{
    /// <param name="shape">Scale, tokens and widths.</param>
    /// <param name="hiddenSize">The language model's hidden size.</param>
    /// <param name="streams">The source of the initial weights, a stream of its own: nothing else of the model changes by it.</param>
    /// <param name="budget">How much may be allocated, for a model that is filled from a file; null for any.</param>
    public FeatureMemory(FeatureMemoryShape shape, int hiddenSize, RandomStreams streams, ParameterBudget? budget)
    {
        using Generator generator = streams.Generator("memory-features");
        Shape = shape;
        var source = new GeneratorParameters(generator, budget);
        Network = new FeatureNetwork(
            source, shape.Scaling.InputWidth, shape.Options.HiddenWidth, shape.Options.Tokens, hiddenSize);
    }

    /// <summary>Scale, tokens and widths.</summary>
    public FeatureMemoryShape Shape { get; }

    /// <summary>What learns.</summary>
    public FeatureNetwork Network { get; }

    /// <summary>Memory tokens of a batch. Differentiable.</summary>
    /// <param name="rows">The features of each row as they stand in the column; NaN is missing.</param>
    /// <param name="device">Where the model is.</param>
    /// <returns>[batch, tokens, hidden] fp32, of the caller's dispose scope.</returns>
    public Tensor Encode(IReadOnlyList<float[]> rows, Device device)
    {
        FeatureScaling scaling = Shape.Scaling;
        float[] inputs = new float[rows.Count * scaling.InputWidth];
        for (int row = 0; row < rows.Count; row++)
        {
            Shape.CheckWidth(rows[row].Length);
            scaling.Fill(rows[row], Shape.Options.Limit, inputs.AsSpan(row * scaling.InputWidth, scaling.InputWidth));
        }

        using var scope = NewDisposeScope();
        return Network.Encode(tensor(inputs, [rows.Count, scaling.InputWidth], device: device)).MoveToOuterDisposeScope();
    }
}

/// <summary>How features become memory in a model: the options, and the scale that was measured on the rows of its training run.</summary>
/// <param name="Options">Tokens and widths.</param>
/// <param name="Scaling">Names and scale of the features.</param>
internal sealed record FeatureMemoryShape(FeatureMemoryOptions Options, FeatureScaling Scaling)
{
    /// <exception cref="ArgumentException">It is another number than the model was trained with.</exception>
    public void CheckWidth(int width)
    {
        if (width != Scaling.Width)
        {
            throw new ArgumentException($"A row has {width} features; the model was trained with {Scaling.Width}.");
        }
    }
}

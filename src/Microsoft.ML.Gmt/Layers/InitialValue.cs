using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>What a parameter holds before it has been trained.</summary>
internal readonly record struct InitialValue
{
    private readonly Distribution _distribution;
    private readonly double _scale;

    private InitialValue(Distribution distribution, double scale = 0) => (_distribution, _scale) = (distribution, scale);

    private enum Distribution
    {
        Zero,
        One,
        Normal,
        Uniform,
    }

    /// <summary>Zeros.</summary>
    public static InitialValue Zero => default;

    /// <summary>Ones: the weights of norms.</summary>
    public static InitialValue One => new(Distribution.One);

    /// <summary>Whether the drawn numbers are replaced by zeros: the generator moves on as if they were kept.</summary>
    public bool IsZeroed { get; init; }

    /// <summary>Normal with mean 0.</summary>
    public static InitialValue Normal(double standardDeviation) => new(Distribution.Normal, standardDeviation);

    /// <summary>Uniform in ± <paramref name="bound"/>.</summary>
    public static InitialValue Uniform(double bound) => new(Distribution.Uniform, bound);

    /// <summary>A new tensor of such values, in fp32 on the CPU.</summary>
    public Tensor Draw(long[] shape, Generator generator)
    {
        Tensor drawn = _distribution switch
        {
            Distribution.Zero => zeros(shape, ScalarType.Float32, CPU),
            Distribution.One => ones(shape, ScalarType.Float32, CPU),
            Distribution.Normal => empty(shape, ScalarType.Float32, CPU).normal_(0, _scale, generator),
            _ => empty(shape, ScalarType.Float32, CPU).uniform_(-_scale, _scale, generator),
        };
        return IsZeroed ? drawn.zero_() : drawn;
    }
}

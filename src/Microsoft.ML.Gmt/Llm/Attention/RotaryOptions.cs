using System.Globalization;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>How the frequencies of rotary positions are stretched to reach longer texts than the model was first trained on.</summary>
public enum RotaryScaling
{
    /// <summary>Plain rotary positions (rope type <c>default</c>).</summary>
    None,

    /// <summary>All frequencies divided by <see cref="RotaryOptions.Factor"/> (rope type <c>linear</c>).</summary>
    Linear,

    /// <summary>Low frequencies divided, high ones kept, a smooth band in between (rope type <c>llama3</c>).</summary>
    Llama3,
}

/// <summary>Rotary positions: the rotation frequencies of the query and key halves (RoFormer, arXiv 2104.09864).</summary>
public sealed record RotaryOptions
{
    /// <summary>Base of the geometric series of wavelengths. Default 10000.</summary>
    [OptionRange(0, 1e12, IsAboveLeast = true)]
    public double Theta { get; init; } = 10000;

    /// <summary>The stretch in use. Default <see cref="RotaryScaling.None"/>.</summary>
    public RotaryScaling Scaling { get; init; }

    /// <summary>Divisor of the stretched frequencies. Default 1; unused without scaling.</summary>
    [OptionRange(0, 1_000_000, IsAboveLeast = true)]
    public double Factor { get; init; } = 1;

    /// <summary>llama3 only: wavelengths above <c>OriginalMaxPositions / LowFrequencyFactor</c> are stretched fully. Default 1.</summary>
    [OptionRange(0, 1_000_000, IsAboveLeast = true)]
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>llama3 only: wavelengths below <c>OriginalMaxPositions / HighFrequencyFactor</c> stay. Default 4.</summary>
    [OptionRange(0, 1_000_000, IsAboveLeast = true)]
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>llama3 only: the text length, in tokens, before stretching. Default 8192.</summary>
    [OptionRange(1, 1_000_000_000)]
    public int OriginalMaxPositions { get; init; } = 8192;

    /// <summary>Checks that the figures make sense.</summary>
    /// <exception cref="ArgumentException">One does not; the message names it.</exception>
    internal void Validate()
    {
        // Frequencies are computed in fp32.
        if (!((float)Theta > 0) || !((float)Factor > 0) || !float.IsFinite((float)Theta) || !float.IsFinite((float)Factor))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{nameof(Theta)} is {Theta} and {nameof(Factor)} is {Factor}; both must be positive, and finite in single precision."));
        }

        if (OptionRanges.Fault(this) is { } fault)
        {
            throw new ArgumentException(fault.Problem);
        }

        if (Scaling == RotaryScaling.Llama3 && HighFrequencyFactor <= LowFrequencyFactor)
        {
            throw new ArgumentException(
                $"{nameof(LowFrequencyFactor)} is {LowFrequencyFactor} and {nameof(HighFrequencyFactor)} {HighFrequencyFactor}; "
                + "the second must be greater than the first.");
        }
    }

    /// <summary>Radians per position of each pair of channels: θ^(−2i/d), then stretched.</summary>
    /// <param name="headSize">Channels of one attention head, d; even.</param>
    /// <returns>[headSize / 2] in fp32, as the models' own libraries compute them.</returns>
    internal float[] Frequencies(int headSize)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor exponents = arange(0, headSize, 2, dtype: ScalarType.Int64, device: CPU).to_type(ScalarType.Float32).div(headSize);
        float[] frequencies = pow(tensor((float)Theta, device: CPU), exponents).reciprocal().data<float>().ToArray();
        return Scaling switch
        {
            RotaryScaling.None => frequencies,
            RotaryScaling.Linear => Array.ConvertAll(frequencies, frequency => frequency / (float)Factor),
            RotaryScaling.Llama3 => Array.ConvertAll(frequencies, StretchLowBand),
            _ => throw new NotSupportedException($"Rotary scaling '{Scaling}' is not supported."),
        };
    }

    private float StretchLowBand(float frequency)
    {
        float wavelength = 2 * MathF.PI / frequency;
        if (wavelength > OriginalMaxPositions / LowFrequencyFactor)
        {
            return frequency / (float)Factor;
        }

        if (wavelength < OriginalMaxPositions / HighFrequencyFactor)
        {
            return frequency;
        }

        double kept = (OriginalMaxPositions / (double)wavelength - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
        return (float)((1 - kept) * (frequency / Factor) + kept * frequency);
    }
}

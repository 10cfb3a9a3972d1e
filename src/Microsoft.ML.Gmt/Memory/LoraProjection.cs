using Microsoft.ML.Gmt.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>A projection without bias and its low-rank update: y = W x + alpha / rank · B A drop(x) (arXiv 2106.09685, section 4.1).</summary>
public sealed class LoraProjection : nn.Module
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "lora_A")]
    private readonly LowRankFactor? _down;

    [ComponentName(Name = "lora_B")]
    private readonly LowRankFactor? _up;

    private readonly LoraOptions _options;

    /// <param name="weight">[outputs, inputs]; copied as fp32, frozen until told otherwise.</param>
    /// <param name="options">Rank and scale of the update.</param>
    /// <param name="generator">The source of A; B starts at zero, so the update starts as none.</param>
    internal LoraProjection(Tensor weight, LoraOptions options, Generator generator) : base(nameof(LoraProjection))
    {
        _options = options;
        _weight = new Parameter(weight.detach().to(ScalarType.Float32, copy: true), requires_grad: false);
        if (options.Rank > 0)
        {
            (long outputs, long inputs) = (weight.size(0), weight.size(1));
            double bound = 1 / Math.Sqrt(inputs); // Kaiming uniform with a = √5
            _down = new LowRankFactor(empty(options.Rank, inputs).uniform_(-bound, bound, generator));
            _up = new LowRankFactor(zeros(outputs, options.Rank));
        }

        RegisterComponents();
    }

    /// <summary>W, [outputs, inputs].</summary>
    public Parameter Weight => _weight;

    /// <summary>A, [rank, inputs]; null where the rank is 0.</summary>
    public LowRankFactor? Down => _down;

    /// <summary>B, [outputs, rank]; null where the rank is 0.</summary>
    public LowRankFactor? Up => _up;

    /// <param name="input">[…, inputs] fp32.</param>
    /// <param name="dropout">The source of masks in training; null for none.</param>
    /// <returns>[…, outputs].</returns>
    internal Tensor Project(Tensor input, SeededDropout? dropout)
    {
        using var scope = NewDisposeScope();
        Tensor projected = nn.functional.linear(input, _weight);
        if (_down is null || _up is null)
        {
            return projected.MoveToOuterDisposeScope();
        }

        Tensor dropped = dropout is null ? input : dropout.Apply(input, _options.Dropout);
        return projected.add(_up.call(_down.call(dropped)), _options.Scale).MoveToOuterDisposeScope();
    }
}

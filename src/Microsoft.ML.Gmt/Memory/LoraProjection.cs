using Microsoft.ML.Gmt.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Linear = Microsoft.ML.Gmt.Layers.Linear;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>A projection without bias and its low-rank update: y = W x + alpha / rank · B A drop(x) (arXiv 2106.09685, section
/// 4.1).</summary>
internal sealed class LoraProjection : Linear
{
    [ComponentName(Name = "lora_A")]
    private readonly Linear? _down;

    [ComponentName(Name = "lora_B")]
    private readonly Linear? _up;

    private readonly LoraOptions _options;

    /// <param name="source">Gives A; B starts at zero, so the update starts as none.</param>
    /// <param name="path">Full name of the projection.</param>
    /// <param name="weight">W, [outputs, inputs]; copied as fp32, frozen until told otherwise.</param>
    /// <param name="options">Rank and scale of the update.</param>
    public LoraProjection(ParameterSource source, string path, Tensor weight, LoraOptions options)
        : base(nameof(LoraProjection), new Parameter(weight.detach().to(ScalarType.Float32, copy: true), requires_grad: false), bias: null)
    {
        _options = options;
        if (options.Rank > 0)
        {
            (long outputs, long inputs) = (weight.size(0), weight.size(1));
            _down = new Linear(source, $"{path}.lora_A", options.Rank, inputs, bias: false);
            _up = new Linear(source, $"{path}.lora_B", outputs, options.Rank, bias: false, initialWeight: InitialValue.Zero);
        }

        RegisterComponents();
    }

    /// <param name="input">[…, inputs] fp32.</param>
    /// <param name="dropout">The source of masks in training; null for none.</param>
    /// <returns>[…, outputs].</returns>
    public Tensor Project(Tensor input, SeededDropout? dropout)
    {
        using var scope = NewDisposeScope();
        Tensor projected = base.forward(input);
        if (_down is null || _up is null)
        {
            return projected.MoveToOuterDisposeScope();
        }

        Tensor dropped = dropout is null ? input : dropout.Apply(input, _options.Dropout);
        return projected.add(_up.call(_down.call(dropped)), _options.Scale).MoveToOuterDisposeScope();
    }

    /// <summary>Projects without dropout.</summary>
    public override Tensor forward(Tensor input) => Project(input, dropout: null);
}

using Microsoft.ML.Gmt.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>What all layers of a path network have beside their label vectors; see <see cref="PathLayer"/>.</summary>
internal sealed class PathLayerStack : nn.Module
{
    [ComponentName(Name = "linear")]
    private readonly Parameter _linear;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    [ComponentName(Name = "norm_scale")]
    private readonly Parameter _normScale;

    [ComponentName(Name = "norm_shift")]
    private readonly Parameter _normShift;

    /// <param name="layers">How many layers.</param>
    /// <param name="width">d.</param>
    /// <param name="source">Gives the parameters.</param>
    public PathLayerStack(int layers, int width, ParameterSource source) : base(nameof(PathLayerStack))
    {
        _linear = source.Get("linear", source.Matrix(2 * width), layers, width, 2 * width);
        _bias = source.Get("bias", source.Bias(2 * width), layers, width);
        _normScale = source.Get("norm_scale", InitialValue.One, layers, width);
        _normShift = source.Get("norm_shift", InitialValue.Zero, layers, width);
        RegisterComponents();
    }

    /// <summary>The parameters, without degree scales and readout.</summary>
    public PathParameters Parameters() => new(_linear, _bias, _normScale, _normShift);

    /// <summary>A layer's weights by the ends of their names in a checkpoint, as views.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Parts(int layer)
    {
        yield return KeyValuePair.Create("linear.weight", _linear.detach()[layer]);
        yield return KeyValuePair.Create("linear.bias", _bias.detach()[layer]);
        yield return KeyValuePair.Create("layer_norm.weight", _normScale.detach()[layer]);
        yield return KeyValuePair.Create("layer_norm.bias", _normShift.detach()[layer]);
    }
}

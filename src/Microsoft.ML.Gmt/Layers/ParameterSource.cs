using TorchSharp.Modules;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>Where modules get their parameters from, by full name: a file or an initialization. So nothing is ever allocated
/// twice.</summary>
internal abstract class ParameterSource
{
    /// <summary>How a matrix starts whose module leaves that to the source. No matter to parameters that are read.</summary>
    /// <param name="inputs">Numbers that go into each of its outputs.</param>
    public virtual InitialValue Matrix(long inputs) => InitialValue.Zero;

    /// <summary>How a linear map's bias starts. No matter to parameters that are read.</summary>
    /// <param name="inputs">Numbers that go into each of the map's outputs.</param>
    public virtual InitialValue Bias(long inputs) => InitialValue.Zero;

    /// <summary>Makes the parameter <paramref name="name"/> of exactly <paramref name="shape"/>; it belongs to the caller's dispose
    /// scope.</summary>
    public abstract Parameter Get(string name, InitialValue initial, params long[] shape);
}

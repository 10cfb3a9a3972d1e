using TorchSharp.Modules;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>What a parameter holds before it has been trained.</summary>
internal enum InitialValue
{
    /// <summary>Normal with the configuration's standard deviation: matrices.</summary>
    Normal,

    /// <summary>Zeros: biases.</summary>
    Zero,

    /// <summary>Ones: norms.</summary>
    One,
}

/// <summary>Where modules get their parameters from, by full name: a file or an initialisation. So nothing is ever allocated twice.</summary>
internal abstract class ParameterSource
{
    /// <summary>Makes the parameter <paramref name="name"/> of exactly <paramref name="shape"/>.</summary>
    public abstract Parameter Get(string name, InitialValue initial, params long[] shape);
}

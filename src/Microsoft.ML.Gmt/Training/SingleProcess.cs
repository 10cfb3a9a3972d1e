using TorchSharp.Modules;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Training in one process: its gradients are those of all.</summary>
internal sealed class SingleProcess : IGradientAverage
{
    private SingleProcess()
    {
    }

    /// <summary>The only one.</summary>
    public static SingleProcess Instance { get; } = new();

    /// <inheritdoc/>
    public double Average(IReadOnlyList<Parameter> parameters, double loss, double weight) => loss;
}

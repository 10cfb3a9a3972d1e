using TorchSharp.Modules;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Training in one process, each step as a whole: its gradients are those of all.</summary>
internal sealed class SingleProcess : IGradientAverage
{
    private SingleProcess()
    {
    }

    /// <summary>The only one.</summary>
    public static SingleProcess Instance { get; } = new();

    /// <inheritdoc/>
    public int Parts => 1;

    /// <inheritdoc/>
    public IReadOnlyList<int> OwnParts { get; } = [0];

    /// <inheritdoc/>
    public double Learn(IReadOnlyList<Parameter> parameters, Func<int, PartLoss> learn) => learn(0).Mean;
}

using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Examples.PathModel;

/// <summary>
/// The exponential mean of a module's weights over steps: about as good as the last weights of a run whose rate was brought down to zero,
/// at any time, so a run need not know when it ends.
/// </summary>
internal sealed class WeightAverage : ITrainingState, IDisposable
{
    private readonly (string Name, Parameter Parameter)[] _trained;
    private readonly double _decay;

    /// <param name="trained">What is trained; not disposed.</param>
    /// <param name="decay">The share that stays in a step; less in the first ones.</param>
    public WeightAverage(FoundationModule trained, double decay)
    {
        _trained = [.. trained.named_parameters().Select(pair => (pair.name, pair.parameter))];
        _decay = decay;
        Module = FoundationModule.Copy(trained);
    }

    /// <summary>The mean.</summary>
    public FoundationModule Module { get; }

    /// <summary>Takes the weights after a step in.</summary>
    /// <param name="step">Steps done, this one included.</param>
    public void Add(long step)
    {
        double stays = Math.Min(_decay, step / (step + 10.0));
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        foreach (((_, Parameter mean), (_, Parameter weights)) in Module.named_parameters().Zip(_trained))
        {
            mean.lerp_(weights, 1 - stays);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State() => TrainingState.OfWeights(Module).State();

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state) => TrainingState.OfWeights(Module).Restore(state);

    /// <inheritdoc/>
    public void Dispose() => Module.Dispose();
}

using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>What the parts of a training run's state have in common, and the weights as such a part.</summary>
internal static class TrainingState
{
    /// <summary>The parameters of a module, frozen ones included.</summary>
    public static ITrainingState OfWeights(nn.Module module) => OfWeights(module.named_parameters());

    /// <summary>Parameters by name.</summary>
    public static ITrainingState OfWeights(IEnumerable<(string Name, Parameter Parameter)> parameters) => new Weights([.. parameters]);

    /// <summary>The generator of dropout masks.</summary>
    public static ITrainingState OfDropout(SeededDropout dropout) => new Dropout(dropout);

    /// <summary>A tensor of the state, of the shape expected.</summary>
    /// <exception cref="GmtFileException">It is missing or has another shape.</exception>
    public static Tensor Get(IReadOnlyDictionary<string, Tensor> state, string name, params long[] shape)
    {
        Tensor stored = Get(state, name);
        return stored.shape.SequenceEqual(shape)
            ? stored
            : throw new GmtFileException($"'{name}' is [{string.Join(", ", stored.shape)}], [{string.Join(", ", shape)}] is expected");
    }

    /// <summary>A tensor of the state, of any shape.</summary>
    /// <exception cref="GmtFileException">It is missing.</exception>
    public static Tensor Get(IReadOnlyDictionary<string, Tensor> state, string name) =>
        state.TryGetValue(name, out Tensor? stored) ? stored : throw new GmtFileException($"'{name}' is missing");

    /// <summary>
    /// The kind of device that a parameter is on, such as <c>cpu</c>: another kind rounds otherwise, another one of the kind does not.
    /// </summary>
    public static string DeviceOf(Parameter parameter) => parameter.device_type.ToString().ToLowerInvariant();

    private sealed class Weights((string Name, Parameter Parameter)[] parameters) : ITrainingState
    {
        public IReadOnlyList<KeyValuePair<string, Tensor>> State() =>
            [.. parameters.Select(pair => KeyValuePair.Create<string, Tensor>(pair.Name, pair.Parameter))];

        public void Restore(IReadOnlyDictionary<string, Tensor> state)
        {
            using IDisposable inference = no_grad();
            foreach ((string name, Parameter parameter) in parameters)
            {
                parameter.copy_(Get(state, name, parameter.shape));
            }
        }
    }

    private sealed class Dropout(SeededDropout dropout) : ITrainingState
    {
        public IReadOnlyList<KeyValuePair<string, Tensor>> State() => [KeyValuePair.Create("generator", dropout.State())];

        public void Restore(IReadOnlyDictionary<string, Tensor> state) => dropout.Restore(Get(state, "generator").clone());
    }
}

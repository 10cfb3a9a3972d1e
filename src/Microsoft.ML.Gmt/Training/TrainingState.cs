using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
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

    /// <summary>A tensor of the state, of the type and shape expected.</summary>
    /// <exception cref="GmtFileException">It is missing, or has another type or shape.</exception>
    public static Tensor Get(IReadOnlyDictionary<string, Tensor> state, string name, ScalarType type, params long[] shape)
    {
        Tensor stored = state.TryGetValue(name, out Tensor? found) ? found : throw new GmtFileException($"'{name}' is missing");
        return stored.dtype == type && stored.shape.SequenceEqual(shape)
            ? stored
            : throw new GmtFileException(
                $"'{name}' is {stored.dtype} [{string.Join(", ", stored.shape)}], {type} [{string.Join(", ", shape)}] is expected");
    }

    /// <summary>A vector of the state, of the type expected and of any length.</summary>
    /// <exception cref="GmtFileException">It is missing, has another type or is no vector.</exception>
    public static Tensor GetVector(IReadOnlyDictionary<string, Tensor> state, string name, ScalarType type) =>
        Get(state, name, type, state.TryGetValue(name, out Tensor? found) && found.dim() == 1 ? found.size(0) : 0);

    /// <summary>Weights or averages of the state, of the type and shape of those that they replace, and finite.</summary>
    /// <exception cref="GmtFileException">They are missing, have another type or shape, or are not finite.</exception>
    public static Tensor GetFinite(IReadOnlyDictionary<string, Tensor> state, string name, Tensor like)
    {
        Tensor stored = Get(state, name, like.dtype, like.shape);
        return FiniteTensor.IsFinite(stored) ? stored : throw new GmtFileException($"'{name}' holds numbers that are not finite");
    }

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
                parameter.copy_(GetFinite(state, name, parameter));
            }
        }
    }

    private sealed class Dropout(SeededDropout dropout) : ITrainingState
    {
        public IReadOnlyList<KeyValuePair<string, Tensor>> State() => [KeyValuePair.Create("generator", dropout.State())];

        public void Restore(IReadOnlyDictionary<string, Tensor> state)
        {
            Tensor stored = GetVector(state, "generator", ScalarType.Byte);
            if (!GeneratorState.IsValid(stored.bytes))
            {
                throw new GmtFileException("'generator' is no state of a generator of random numbers"); // libtorch would end the process
            }

            dropout.Restore(stored.clone());
        }
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// What moves all parameters in one call of a fused kernel of libtorch, with a step count and some tensors of its own for each, which can
/// be kept.
/// </summary>
internal abstract class FusedOptimizer : IOptimizer
{
    private readonly string[] _names;
    private readonly string[] _kinds;
    private readonly Tensor[][] _moments;   // [kind][parameter]

    /// <param name="parameters">What it moves, by name; fp32 and contiguous. They are not disposed.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="kinds">
    /// What is kept of each parameter, in its shape and zeros at first, by the names of PyTorch's state.
    /// </param>
    /// <exception cref="ArgumentException">A parameter is not contiguous.</exception>
    private protected FusedOptimizer(
        IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate, params string[] kinds)
    {
        (LearningRate, _kinds) = (learningRate, kinds);
        (string Name, Parameter Parameter)[] all = [.. parameters];
        if (Array.Find(all, pair => !pair.Parameter.is_contiguous()) is { Parameter: not null } strided)
        {
            throw new ArgumentException(
                $"The parameter '{strided.Name}' is not contiguous in memory; make it of a contiguous tensor.", nameof(parameters));
        }

        _names = Array.ConvertAll(all, pair => pair.Name);
        Parameters = Array.ConvertAll(all, pair => pair.Parameter);
        _moments = Array.ConvertAll(kinds, _ => Array.ConvertAll(
            Parameters, parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope()));
        Steps = Array.ConvertAll(Parameters, parameter => zeros([], ScalarType.Float32, parameter.device).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public double LearningRate { get; set; }

    private protected Parameter[] Parameters { get; }

    /// <summary>How often each parameter was moved, as the kernel takes it.</summary>
    private protected Tensor[] Steps { get; }

    /// <inheritdoc/>
    public void ZeroGradients()
    {
        foreach (Parameter parameter in Parameters)
        {
            parameter.grad = null;
        }
    }

    /// <inheritdoc/>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();

        // The kernel walks through memory as it lies.
        Tensor?[] gradients = Array.ConvertAll(Parameters, parameter => parameter.grad is { } gradient ? gradient.contiguous() : null);
        int[] moved = [.. Enumerable.Range(0, gradients.Length).Where(i => gradients[i] is not null)];
        foreach (int i in moved)
        {
            Steps[i].add_(1);
        }

        if (moved.Length > 0)
        {
            Move(moved, gradients);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State() =>
    [
        .. _names.SelectMany((name, i) => _kinds.Select((kind, k) => KeyValuePair.Create($"{name}.{kind}", _moments[k][i]))
            .Append(KeyValuePair.Create(StepName(i), Steps[i]))),
    ];

    /// <inheritdoc/>
    public virtual void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        foreach ((string name, Tensor own) in State())
        {
            own.copy_(TrainingState.GetFinite(state, name, own));
        }
    }

    /// <summary>Frees the state, not the parameters.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in _moments.SelectMany(tensors => tensors).Concat(Steps))
        {
            tensor.Dispose();
        }
    }

    /// <summary>Calls the kernel for some of the parameters, whose steps have been counted.</summary>
    /// <param name="moved">Which have a gradient; at least one.</param>
    /// <param name="gradients">The gradient of each parameter, null where there is none.</param>
    private protected abstract void Move(int[] moved, Tensor?[] gradients);

    /// <summary>The tensors of a kind.</summary>
    private protected Tensor[] Moments(int kind) => _moments[kind];

    private protected string StepName(int parameter) => $"{_names[parameter]}.step";

    private protected static Tensor[] Pick(IReadOnlyList<Tensor?> tensors, IEnumerable<int> moved) => [.. moved.Select(i => tensors[i]!)];
}

using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// Adagrad (Duchi et al. 2011) as PyTorch computes it: s ← s + g², θ ← θ − η g / (√s + 1e-10). All parameters move in one call of
/// libtorch's fused kernel, and the state can be kept. A row of a matrix without a gradient stays as it is.
/// </summary>
internal sealed class FusedAdagrad : IOptimizer
{
    private const double Epsilon = 1e-10;

    private readonly string[] _names;
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _sums;
    private readonly Tensor[] _steps;

    /// <summary>Creates an optimizer.</summary>
    /// <param name="parameters">What it moves, by name; fp32 and contiguous. They are not disposed.</param>
    /// <param name="learningRate">η.</param>
    public FusedAdagrad(IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate)
    {
        LearningRate = learningRate;
        (string Name, Parameter Parameter)[] all = [.. parameters];
        if (Array.Find(all, pair => !pair.Parameter.is_contiguous()) is { Parameter: not null } strided)
        {
            throw new ArgumentException(
                $"The parameter '{strided.Name}' is not contiguous in memory; make it of a contiguous tensor.", nameof(parameters));
        }

        _names = Array.ConvertAll(all, pair => pair.Name);
        _parameters = Array.ConvertAll(all, pair => pair.Parameter);
        _sums = Array.ConvertAll(_parameters, parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope());
        _steps = Array.ConvertAll(_parameters, parameter => zeros([], ScalarType.Float32, parameter.device).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public double LearningRate { get; set; }

    /// <inheritdoc/>
    public void ZeroGradients()
    {
        foreach (Parameter parameter in _parameters)
        {
            parameter.grad = null;
        }
    }

    /// <inheritdoc/>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        int[] moved = [.. Enumerable.Range(0, _parameters.Length).Where(i => _parameters[i].grad is not null)];
        if (moved.Length == 0)
        {
            return;
        }

        // The kernel walks through memory as it lies.
        Tensor[] gradients = Array.ConvertAll(moved, i => _parameters[i].grad!.contiguous());
        Tensor[] Pick(IReadOnlyList<Tensor> tensors) => Array.ConvertAll(moved, i => tensors[i]);
        foreach (Tensor step in Pick(_steps))
        {
            step.add_(1);
        }

        AtenDispatcher.CallMany(
            "aten::_fused_adagrad_", "", [], Pick(_parameters), gradients, Pick(_sums), Pick(_steps),
            LearningRate, 0.0, 0.0, Epsilon, false, AtenArgument.None, AtenArgument.None);
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State() =>
    [
        .. _names.SelectMany((name, i) => new[]
        {
            KeyValuePair.Create($"{name}.sum", _sums[i]), KeyValuePair.Create($"{name}.step", _steps[i]),
        }),
    ];

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
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
        foreach (Tensor tensor in _sums.Concat(_steps))
        {
            tensor.Dispose();
        }
    }
}

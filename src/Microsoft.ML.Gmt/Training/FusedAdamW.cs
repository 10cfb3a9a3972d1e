using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019) as PyTorch computes it: θ ← (1 − η λ) θ − η m̂ / (√v̂ + ε). All parameters
/// move in one call of libtorch's fused kernel, and the state can be kept.
/// </summary>
/// <remarks>
/// <see cref="EpsilonPlacement.BeforeCorrection"/> is the optimizer that transformers had: m̂ / ((√v + ε) / √(1 − β₂ᵗ)), which is m̂ / (√v̂
/// + ε′) with ε′ = ε / √(1 − β₂ᵗ), so the same kernel computes it.
/// </remarks>
internal sealed class FusedAdamW : IOptimizer
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly string[] _names;
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _means;
    private readonly Tensor[] _squares;
    private readonly Tensor[] _steps;
    private readonly long[] _stepCounts;
    private readonly double _weightDecay;
    private readonly EpsilonPlacement _placement;

    /// <summary>Creates an optimizer.</summary>
    /// <param name="parameters">What it moves, by name; fp32 and contiguous. They are not disposed.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="placement">Where ε is added.</param>
    /// <exception cref="ArgumentException">A parameter is not contiguous.</exception>
    public FusedAdamW(
        IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate, double weightDecay,
        EpsilonPlacement placement = EpsilonPlacement.AfterCorrection)
    {
        (LearningRate, _weightDecay, _placement) = (learningRate, weightDecay, placement);
        (string Name, Parameter Parameter)[] all = [.. parameters];
        if (Array.Find(all, pair => !pair.Parameter.is_contiguous()) is { Parameter: not null } strided)
        {
            throw new ArgumentException(
                $"The parameter '{strided.Name}' is not contiguous in memory; make it of a contiguous tensor.", nameof(parameters));
        }

        _names = Array.ConvertAll(all, pair => pair.Name);
        _parameters = Array.ConvertAll(all, pair => pair.Parameter);
        _means = Array.ConvertAll(_parameters, Zeros);
        _squares = Array.ConvertAll(_parameters, Zeros);
        _steps = Array.ConvertAll(_parameters, parameter => zeros([], ScalarType.Float32, parameter.device).DetachFromDisposeScope());
        _stepCounts = new long[_parameters.Length];
    }

    /// <summary>η; it may change from step to step.</summary>
    public double LearningRate { get; set; }

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradients()
    {
        foreach (Parameter parameter in _parameters)
        {
            parameter.grad = null;
        }
    }

    /// <summary>Moves the parameters that have a gradient.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();

        // The kernel walks through memory as it lies.
        Tensor?[] gradients = Array.ConvertAll(_parameters, parameter => parameter.grad is { } gradient ? gradient.contiguous() : null);
        int[] moved = [.. Enumerable.Range(0, gradients.Length).Where(i => gradients[i] is not null)];
        foreach (int i in moved)
        {
            _stepCounts[i]++;
            _steps[i].add_(1);
        }

        foreach (IGrouping<double, int> together in moved.GroupBy(i => EpsilonAt(_stepCounts[i])))
        {
            Tensor[] Pick(IReadOnlyList<Tensor?> tensors) => [.. together.Select(i => tensors[i]!)];
            AtenDispatcher.CallMany(
                "aten::_fused_adamw_", "", [], Pick(_parameters), Pick(gradients), Pick(_means), Pick(_squares), Array.Empty<Tensor>(),
                Pick(_steps),
                LearningRate, Beta1, Beta2, _weightDecay, together.Key, false, false, AtenArgument.None, AtenArgument.None);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State() =>
    [
        .. _names.SelectMany((name, i) => new[]
        {
            KeyValuePair.Create($"{name}.exp_avg", _means[i]), KeyValuePair.Create($"{name}.exp_avg_sq", _squares[i]),
            KeyValuePair.Create($"{name}.step", _steps[i]),
        }),
    ];

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        using IDisposable inference = no_grad();
        foreach ((string name, Tensor own) in State())
        {
            own.copy_(TrainingState.GetFinite(state, name, own));
        }

        for (int i = 0; i < _steps.Length; i++)
        {
            float count = _steps[i].item<float>();
            _stepCounts[i] = count >= 0 && count == MathF.Truncate(count)
                ? (long)count
                : throw new GmtFileException($"'{_names[i]}.step' is {count}, a number of steps is expected");
        }
    }

    /// <summary>Frees the state, not the parameters.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in _means.Concat(_squares).Concat(_steps))
        {
            tensor.Dispose();
        }
    }

    private double EpsilonAt(long step) =>
        _placement == EpsilonPlacement.AfterCorrection ? Epsilon : Epsilon / Math.Sqrt(1 - Math.Pow(Beta2, step));

    private static Tensor Zeros(Parameter parameter) => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
}

using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019) as PyTorch computes it: θ ← (1 − η λ) θ − η m̂ / (√v̂ + ε).
/// </summary>
/// <remarks>
/// <see cref="EpsilonPlacement.BeforeCorrection"/> is the optimizer that transformers had: m̂ / ((√v + ε) / √(1 − β₂ᵗ)), which is m̂ / (√v̂
/// + ε′) with ε′ = ε / √(1 − β₂ᵗ), so the same kernel computes it.
/// </remarks>
internal sealed class FusedAdamW : FusedOptimizer
{
    private const double Beta1 = 0.9, DefaultBeta2 = 0.999, Epsilon = 1e-8;

    private readonly long[] _stepCounts;
    private readonly double _weightDecay;
    private readonly double _beta2;
    private readonly EpsilonPlacement _placement;

    /// <summary>Creates an optimizer.</summary>
    /// <param name="parameters">What it moves, by name; fp32 and contiguous. They are not disposed.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="weightDecay">λ.</param>
    /// <param name="placement">Where ε is added.</param>
    /// <param name="beta2">β₂; 0.999.</param>
    /// <exception cref="ArgumentException">A parameter is not contiguous.</exception>
    public FusedAdamW(
        IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate, double weightDecay,
        EpsilonPlacement placement = EpsilonPlacement.AfterCorrection, double beta2 = DefaultBeta2)
        : base(parameters, learningRate, "exp_avg", "exp_avg_sq") =>
        (_weightDecay, _placement, _beta2, _stepCounts) = (weightDecay, placement, beta2, new long[Parameters.Length]);

    /// <inheritdoc/>
    public override void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        base.Restore(state);
        for (int i = 0; i < Steps.Length; i++)
        {
            float count = Steps[i].item<float>();
            _stepCounts[i] = count >= 0 && count == MathF.Truncate(count)
                ? (long)count
                : throw new GmtFileException($"'{StepName(i)}' is {count}, a number of steps is expected");
        }
    }

    private protected override void Move(int[] moved, Tensor?[] gradients)
    {
        foreach (int i in moved)
        {
            _stepCounts[i]++;
        }

        foreach (IGrouping<double, int> together in moved.GroupBy(i => EpsilonAt(_stepCounts[i])))
        {
            AtenDispatcher.CallMany(
                "aten::_fused_adamw_", "", [],
                Pick(Parameters, together), Pick(gradients, together), Pick(Moments(0), together), Pick(Moments(1), together),
                Array.Empty<Tensor>(), Pick(Steps, together),
                LearningRate, Beta1, _beta2, _weightDecay, together.Key, false, false, AtenArgument.None, AtenArgument.None);
        }
    }

    private double EpsilonAt(long step) =>
        _placement == EpsilonPlacement.AfterCorrection ? Epsilon : Epsilon / Math.Sqrt(1 - Math.Pow(_beta2, step));
}

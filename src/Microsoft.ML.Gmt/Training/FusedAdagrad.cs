using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// Adagrad (Duchi et al. 2011) as PyTorch computes it: s ← s + g², θ ← θ − η g / (√s + 1e-10). A row of a matrix without a gradient stays
/// as it is.
/// </summary>
/// <param name="parameters">What it moves, by name; fp32 and contiguous. They are not disposed.</param>
/// <param name="learningRate">η.</param>
/// <exception cref="ArgumentException">A parameter is not contiguous.</exception>
internal sealed class FusedAdagrad(IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate)
    : FusedOptimizer(parameters, learningRate, "sum")
{
    private const double Epsilon = 1e-10;

    private protected override void Move(int[] moved, Tensor?[] gradients) => AtenDispatcher.CallMany(
        "aten::_fused_adagrad_", "", [],
        Pick(Parameters, moved), Pick(gradients, moved), Pick(Moments(0), moved), Pick(Steps, moved),
        LearningRate, 0.0, 0.0, Epsilon, false, AtenArgument.None, AtenArgument.None);
}

using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// Every optimizer step: has the gradients of this process's parts computed, averages them over processes, clips them, moves the
/// parameters at the rate of the schedule and forgets the gradients.
/// </summary>
internal sealed class GradientStep : IDisposable
{
    private readonly Parameter[] _parameters;
    private readonly OptimizerGroup[] _groups;
    private readonly Func<long, double> _schedule;
    private readonly double? _maxNorm;

    /// <param name="parameters">All that is trained, in a fixed order.</param>
    /// <param name="groups">Their optimizers; disposed with this object.</param>
    /// <param name="schedule">The learning rate of a step, from the number of steps done before it.</param>
    /// <param name="maxNorm">Gradients are scaled down to at most this norm, all together; null for no clipping.</param>
    /// <param name="sharing">How processes share each step; null for one process.</param>
    public GradientStep(
        IEnumerable<Parameter> parameters, IEnumerable<OptimizerGroup> groups, Func<long, double> schedule, double? maxNorm = null,
        StepSharing? sharing = null)
    {
        (_parameters, _groups, _schedule, _maxNorm) = ([.. parameters], [.. groups], schedule, maxNorm);
        Sharing = sharing ?? StepSharing.Of(null);
        Forget();
    }

    /// <summary>All that is trained.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>How processes share each step.</summary>
    public StepSharing Sharing { get; }

    /// <summary>The optimizers' states by the names of their groups.</summary>
    public IEnumerable<(string Name, ITrainingState State)> States =>
        _groups.Select(group => (group.Name, (ITrainingState)group.Optimizer));

    /// <summary>The learning rate of a step, before any group's factor.</summary>
    /// <param name="step">Steps done before it.</param>
    public double RateAt(long step) => _schedule(step);

    /// <summary>
    /// Learns from this process's parts of a step and moves the parameters by the gradients of all; leaves them as they are where loss or
    /// gradients are not finite.
    /// </summary>
    /// <param name="step">Steps done before this one.</param>
    /// <param name="rows">Rows of the whole step.</param>
    /// <param name="learn">The backward pass of a part; see <see cref="StepSharing.Learn"/>.</param>
    /// <returns>The step's loss over all processes.</returns>
    /// <exception cref="NotFiniteNumberException">The loss or a gradient is not finite; of several processes, in all.</exception>
    public double Take(long step, int rows, Func<RowShare, PartLoss> learn)
    {
        using var scope = NewDisposeScope();
        double loss = Sharing.Learn(_parameters, rows, learn);
        if (!double.IsFinite(loss))
        {
            throw Divergence.OfNumber("The loss", loss, step + 1);
        }

        Parameter[] moved = [.. _parameters.Where(parameter => parameter.grad is not null)];
        if (_maxNorm is { } most)
        {
            double norm = nn.utils.clip_grad_norm_(moved, most);
            if (!double.IsFinite(norm))
            {
                throw Divergence.OfNumber("The gradients' norm", norm, step + 1);
            }
        }
        else if (Array.Exists(moved, parameter => !FiniteTensor.IsFinite(parameter.grad!)))
        {
            throw Divergence.At("A gradient is not finite", double.NaN, step + 1);
        }

        foreach (OptimizerGroup group in _groups)
        {
            group.Optimizer.LearningRate = RateAt(step) * group.RateFactor;
            group.Optimizer.Step();
        }

        Forget();
        return loss;
    }

    /// <summary>Refuses weights that are not finite, before they are kept.</summary>
    /// <param name="steps">Steps done.</param>
    /// <exception cref="NotFiniteNumberException">A weight is not finite.</exception>
    public void CheckWeights(long steps)
    {
        if (Array.Exists(_parameters, parameter => !FiniteTensor.IsFinite(parameter)))
        {
            throw Divergence.At("A weight is not finite", double.NaN, steps);
        }
    }

    /// <summary>Frees the optimizers' states, not the parameters.</summary>
    public void Dispose()
    {
        foreach (OptimizerGroup group in _groups)
        {
            group.Optimizer.Dispose();
        }
    }

    private void Forget()
    {
        foreach (OptimizerGroup group in _groups)
        {
            group.Optimizer.ZeroGradients();
        }
    }
}

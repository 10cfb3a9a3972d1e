using TorchSharp.Modules;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// Makes the gradients of an optimizer step those of all processes that train together. <see cref="GradientStep"/> alone calls it.
/// </summary>
/// <remarks>
/// An implementation for several processes
/// <list type="bullet">
/// <item>is called by every process once a step, with the same parameters in the same order, after the backward pass and before gradients
/// are clipped;</item>
/// <item>leaves the same bits in every process, so that weights and optimizers stay equal without being sent;</item>
/// <item>counts a missing gradient as zeros where another process has one, and leaves it missing where none has;</item>
/// <item>averages over rows, not over processes, where the processes have unequal numbers of them: the last step of an epoch.</item>
/// </list>
/// What else several processes must agree on is not its concern: who validates, when to stop early, when a cancellation takes effect.
/// </remarks>
internal interface IGradientAverage
{
    /// <summary>Replaces each gradient by its mean over all processes.</summary>
    public void Average(IReadOnlyList<Parameter> parameters);
}

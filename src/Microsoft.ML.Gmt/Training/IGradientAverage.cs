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
/// <item>averages over what the processes have learned from, not over processes, where they have unequal shares: each gradient and the
/// loss count by their process's weight.</item>
/// </list>
/// What else several processes must agree on is not its concern: who validates, when to stop early, when a cancellation takes effect.
/// </remarks>
internal interface IGradientAverage
{
    /// <summary>Replaces each gradient by its mean over all processes, by their weights.</summary>
    /// <param name="parameters">What is trained, in the same order in every process.</param>
    /// <param name="loss">This process's mean loss; of no meaning where it has learned from nothing.</param>
    /// <param name="weight">How much this process has learned from in the step, in rows or in micro batches; 0 for nothing.</param>
    /// <returns>The mean loss of all.</returns>
    public double Average(IReadOnlyList<Parameter> parameters, double loss, double weight);
}

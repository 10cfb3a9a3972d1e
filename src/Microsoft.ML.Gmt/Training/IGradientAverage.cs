using TorchSharp.Modules;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// Cuts an optimizer step into parts, lets this process learn from its own ones, and makes the gradients those of all parts.
/// <see cref="StepSharing"/> alone calls it.
/// </summary>
/// <remarks>
/// An implementation for several processes
/// <list type="bullet">
/// <item>is called by every process once a step, with the same parameters in the same order, before gradients are clipped;</item>
/// <item>leaves the same bits in every process, so that weights and optimizers stay equal without being sent;</item>
/// <item>counts a missing gradient as zeros where another part has one, and leaves it missing where none has;</item>
/// <item>averages over what was learned from, not over processes, where parts are unequal: each part's gradient and loss count by its
/// weight.</item>
/// </list>
/// What else several processes must agree on is not its concern: who validates, when to stop early, when a cancellation takes effect.
/// </remarks>
internal interface IGradientAverage
{
    /// <summary>How many parts a step has, over all processes.</summary>
    public int Parts { get; }

    /// <summary>The parts of this process, of <see cref="Parts"/>, in the order in which it learns from them.</summary>
    public IReadOnlyList<int> OwnParts { get; }

    /// <summary>Learns from this process's parts and replaces each gradient by the mean over all parts, by their weights.</summary>
    /// <remarks>Gradients that are there before count in each part.</remarks>
    /// <param name="parameters">What is trained, in the same order in every process.</param>
    /// <param name="learn">Adds a part's gradients to those of the parameters.</param>
    /// <returns>The mean loss of all parts.</returns>
    public double Learn(IReadOnlyList<Parameter> parameters, Func<int, PartLoss> learn);
}

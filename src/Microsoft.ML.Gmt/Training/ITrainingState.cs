using Microsoft.ML.Gmt.Runtime;

using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// A part of a training run (weights, an optimizer, a stream of random numbers …) whose state a checkpoint keeps, so that a run which goes
/// on from there ends with the bits of one that never stopped.
/// </summary>
internal interface ITrainingState
{
    /// <summary>
    /// The state as tensors by name, in a fixed order. They may be the live ones: whoever asks only reads them, and at once.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> State();

    /// <summary>Takes over a state that <see cref="State"/> gave; its tensors are copied.</summary>
    /// <exception cref="GmtFileException">It is the state of something else; the message says what does not fit.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> state);
}

using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// The encoding of a step's edge states, which nearly all of stage 1's work goes into, divided into the step's parts: each process encodes
/// those of its own parts and gets the others' vectors.
/// </summary>
/// <remarks>
/// Rows are not divided: random corrupted triples need nearly all states, so that each process would encode most of them. All processes
/// score all rows, and take the loss's gradient to the states of their parts further back. So the mean of the parts' gradients is that of
/// the step where each counts its states as often as there are parts.
/// </remarks>
/// <param name="module">The module.</param>
/// <param name="sharing">How steps are shared; all processes encode the same states, in the same order.</param>
/// <param name="dropout">The source of masks, at the same place of its stream in all of them.</param>
internal sealed class SharedEncoding(SgmModule module, StepSharing sharing, SeededDropout dropout) : IDisposable
{
    private readonly List<(RowShare States, Tensor Vectors)> _own = [];
    private Tensor? _all;

    /// <summary>How many states there are.</summary>
    public int Count { get; private set; }

    /// <summary>The vectors of all states: [states, d]. Differentiable, with <see cref="Backward"/> after the loss's own.</summary>
    public Tensor Encode(EdgeStateList states)
    {
        Count = states.Count;
        if (!sharing.IsDivided)
        {
            return module.EncodeStates(states, dropout);
        }

        int width = module.Options.GraphDimension;
        float[] vectors = new float[checked(states.Count * width)];
        using Tensor masks = dropout.State();
        foreach (RowShare part in sharing.OwnParts(states.Count))
        {
            dropout.Restore(masks); // a state's masks depend on the draw, and each part begins with the first
            RowShare drawn = part.Count > 0 ? part : new RowShare(0, Math.Min(states.Count, 1)); // all processes draw
            Tensor own = module.EncodeStates(states.Select([.. Enumerable.Range(drawn.First, drawn.Count)]), dropout)
                .DetachFromDisposeScope();
            _own.Add((part, own));
            using Tensor values = own.detach().cpu().contiguous();
            MemoryMarshal.Cast<byte, float>(values.bytes)[..(part.Count * width)].CopyTo(vectors.AsSpan(part.First * width));
            GC.KeepAlive(values);
        }

        sharing.Ranks.AllReduce(vectors);
        TensorPrimitives.Add(vectors, 0, vectors); // one process has −0 where several have −0 + 0
        _all = tensor(vectors, [states.Count, width], device: _own[0].Vectors.device).requires_grad_().DetachFromDisposeScope();
        return _all;
    }

    /// <summary>Takes the gradients of one of this process's parts, once the loss has given them, back to the weights.</summary>
    /// <param name="part">The part's states.</param>
    public void Backward(RowShare part)
    {
        if (part.Count > 0 && _all?.grad is { } gradients)
        {
            _own.Find(own => own.States == part).Vectors
                .backward([gradients.narrow(0, part.First, part.Count) * sharing.Parts]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _own.ForEach(own => own.Vectors.Dispose());
        _all?.Dispose();
    }
}

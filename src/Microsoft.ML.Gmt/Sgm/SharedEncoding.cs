using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// The encoding of a step's edge states, which nearly all of stage 1's work goes into, shared by several processes: each encodes a stretch
/// of them and gets the others' vectors.
/// </summary>
/// <remarks>
/// Rows are not divided: random corrupted triples need nearly all states, so that each process would encode most of them. All processes
/// score all rows, and each takes the loss's gradient to its own states further back. So the mean of the processes' gradients is that of
/// the step where each counts its states <see cref="ICollective.Size"/> times.
/// </remarks>
/// <param name="module">The module.</param>
/// <param name="ranks">The processes; all encode the same states, in the same order.</param>
/// <param name="dropout">The source of masks, at the same place of its stream in all of them.</param>
internal sealed class SharedEncoding(SgmModule module, ICollective ranks, SeededDropout dropout) : IDisposable
{
    private Tensor? _own, _all;
    private RowShare _share;

    /// <summary>The vectors of all states: [states, d]. Differentiable, with <see cref="Backward"/> after the loss's own.</summary>
    public Tensor Encode(EdgeStateList states)
    {
        if (ranks.Size == 1)
        {
            return module.EncodeStates(states, dropout);
        }

        _share = RowShare.Of(ranks.Rank, ranks.Size, states.Count);
        RowShare drawn = _share.Count > 0 ? _share : new RowShare(0, Math.Min(states.Count, 1)); // all draw as often
        _own = module.EncodeStates(states.Select([.. Enumerable.Range(drawn.First, drawn.Count)]), dropout).DetachFromDisposeScope();
        int width = module.Options.GraphDimension;
        float[] vectors = new float[checked(states.Count * width)];
        using (Tensor values = _own.detach().cpu().contiguous())
        {
            MemoryMarshal.Cast<byte, float>(values.bytes)[..(_share.Count * width)].CopyTo(vectors.AsSpan(_share.First * width));
            GC.KeepAlive(values);
        }

        ranks.AllReduce(vectors);
        _all = tensor(vectors, [states.Count, width], device: _own.device).requires_grad_().DetachFromDisposeScope();
        return _all;
    }

    /// <summary>Takes the gradients of this process's states, once the loss has given them, back to the weights.</summary>
    public void Backward()
    {
        if (_share.Count > 0 && _all?.grad is { } gradients)
        {
            _own!.backward([gradients.narrow(0, _share.First, _share.Count) * ranks.Size]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _own?.Dispose();
        _all?.Dispose();
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// The scores of all candidates for some queries where both are vectors: one matrix product, written where the caller wants it.
/// </summary>
/// <remarks>
/// The last bits of MKL's products depend on where the result begins. So it is written there only if that is where libtorch would let a
/// tensor begin, and copied there otherwise: the bits are the same.
/// </remarks>
internal static unsafe class ScoreProduct
{
    private const int Alignment = 64;

    /// <summary>Writes queries · candidatesᵀ, without gradients.</summary>
    /// <param name="queries">[queries, d].</param>
    /// <param name="candidates">[candidates, d].</param>
    /// <param name="scores">Room for [queries, candidates], row by row.</param>
    public static void Write(Tensor queries, Tensor candidates, Memory<float> scores)
    {
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        using MemoryHandle pinned = scores.Pin();
        if (queries.device_type != DeviceType.CPU || queries.dtype != ScalarType.Float32 || (nint)pinned.Pointer % Alignment != 0)
        {
            Tensor product = queries.mm(candidates.t()).to(ScalarType.Float32).cpu().contiguous();
            MemoryMarshal.Cast<byte, float>(product.bytes).CopyTo(scores.Span);
            return;
        }

        // A product of its own would be written to fresh memory and copied: as long again as a small product itself takes.
        using Tensor bytes = NativeTensor.OverMemory((nint)pinned.Pointer, (long)scores.Length * sizeof(float), &LeaveToCaller);
        Tensor room = NativeTensor.ViewAs(bytes, ScalarType.Float32).view(queries.size(0), candidates.size(0));
        AtenDispatcher.Call("aten::mm", "out", queries, candidates.t(), room);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void LeaveToCaller(nint memory)
    {
    }
}

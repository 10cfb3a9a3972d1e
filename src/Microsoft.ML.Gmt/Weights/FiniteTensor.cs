using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>Finds weights that are not finite: NaN or infinity.</summary>
/// <remarks>
/// Tensors on the CPU are read in place, in parallel, without a copy: a mapped file of 13 GB costs as much as reading it once from memory.
/// </remarks>
internal static unsafe class FiniteTensor
{
    private const int PartBytes = 4 << 20;

    /// <summary>Whether all numbers of a tensor are finite; whole numbers always are.</summary>
    /// <param name="tensor">Of any type and shape, on any device.</param>
    public static bool IsFinite(Tensor tensor)
    {
        if (tensor.numel() == 0 || !tensor.is_floating_point())
        {
            return true;
        }

        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (tensor.device_type != DeviceType.CPU
            || tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16))
        {
            return isfinite(tensor).all().item<bool>();
        }

        Tensor own = tensor.detach().contiguous();
        byte* first = (byte*)NativeTensor.Address(own);
        long count = own.numel() * own.element_size(), parts = (count + PartBytes - 1) / PartBytes;
        bool IsPartFinite(long part) => IsFinite(
            new ReadOnlySpan<byte>(first + (part * PartBytes), (int)Math.Min(PartBytes, count - (part * PartBytes))), own.dtype);
        bool isFinite = parts == 1 ? IsPartFinite(0) : Parallel.For(0, parts, (part, loop) =>
        {
            if (!IsPartFinite(part))
            {
                loop.Stop();
            }
        }).IsCompleted;
        GC.KeepAlive(own);
        return isFinite;
    }

    /// <summary>Refuses a tensor of a file that is not finite.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="source">The file, for the message.</param>
    /// <param name="name">The tensor's name.</param>
    /// <exception cref="WeightFileException">It holds a number that is not finite.</exception>
    public static void Check(Tensor tensor, string source, string name)
    {
        if (!IsFinite(tensor))
        {
            throw new WeightFileException(
                source, "the tensor holds numbers that are not finite (NaN or infinity).", name, remedy: FiniteNumbers.Remedy);
        }
    }

    private static bool IsFinite(ReadOnlySpan<byte> bytes, ScalarType type) => type switch
    {
        ScalarType.Float32 => FiniteNumbers.Are(MemoryMarshal.Cast<byte, float>(bytes)),
        ScalarType.Float64 => FiniteNumbers.Are(MemoryMarshal.Cast<byte, double>(bytes)),
        ScalarType.Float16 => !FiniteNumbers.HasExponent(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7C00),
        _ => !FiniteNumbers.HasExponent(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)0x7F80),
    };
}

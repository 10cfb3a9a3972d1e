using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>The three things that TorchSharp's public API lacks for tensors over foreign memory.</summary>
internal static unsafe partial class NativeTensor
{
    /// <summary>
    /// A byte tensor over memory that is not copied; <paramref name="release"/> is called once, with <paramref name="data"/>, when the last
    /// view is gone.
    /// </summary>
    public static Tensor OverMemory(nint data, long byteCount, delegate* unmanaged[Cdecl]<nint, void> release)
    {
        nint handle = NewTensor(
            data, (nint)release, &byteCount, 1, (sbyte)ScalarType.Byte, (sbyte)ScalarType.Byte, (int)DeviceType.CPU, -1, 0);
        if (handle == 0)
        {
            throw new InvalidOperationException("libtorch could not make a tensor over mapped memory.");
        }

        // The file object owns it, whatever dispose scope its opener happens to stand in.
        return Tensor.UnsafeCreateTensor(handle).DetachFromDisposeScope();
    }

    /// <summary>The same bytes as elements of another type. The storage offset must be a multiple of the element size.</summary>
    public static Tensor ViewAs(Tensor bytes, ScalarType type)
    {
        if (ViewDtype(bytes.Handle, (int)type, out nint handle) != 0)
        {
            throw new InvalidOperationException($"libtorch could not view {bytes.numel()} bytes as {type}.");
        }

        GC.KeepAlive(bytes);
        return Tensor.UnsafeCreateTensor(handle);
    }

    /// <summary>Hands the bytes of a contiguous CPU tensor to <paramref name="consume"/> in order, in parts of at most 64 MiB.</summary>
    public static void ForEachPart(Tensor contiguous, ReadOnlySpanAction<byte> consume)
    {
        long count = contiguous.numel() * contiguous.element_size();
        if (count == 0)
        {
            return;
        }

        byte* data = (byte*)Address(contiguous);
        const int Part = 64 << 20;
        for (long start = 0; start < count; start += Part)
        {
            consume(new ReadOnlySpan<byte>(data + start, (int)Math.Min(Part, count - start)));
        }

        GC.KeepAlive(contiguous);
    }

    /// <summary>Where the first element of a CPU tensor lies; 0 for one without elements.</summary>
    public static nint Address(Tensor tensor)
    {
        if (DataPointer(tensor.Handle, out byte* data) != 0)
        {
            throw new InvalidOperationException("libtorch could not give the address of a tensor's data.");
        }

        GC.KeepAlive(tensor);
        return (nint)data;
    }

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_new")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial nint NewTensor(
        nint data, nint deleter, long* sizes, int rank, sbyte storedType, sbyte type, int deviceType, int deviceIndex, byte requiresGrad);

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_view_dtype")]
    private static partial int ViewDtype(nint self, int type, out nint view);

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_get_data_ptr")]
    private static partial int DataPointer(nint self, out byte* data);

    /// <summary>Takes a run of bytes.</summary>
    internal delegate void ReadOnlySpanAction<T>(ReadOnlySpan<T> span);
}

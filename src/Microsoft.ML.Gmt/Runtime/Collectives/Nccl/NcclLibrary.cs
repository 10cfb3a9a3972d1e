using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Functions of NCCL and of the driver of CUDA, looked up at run time in <c>libnccl.so.2</c>, or in a libtorch that contains it, and in
/// <c>libcuda.so.1</c>. Their interfaces are C and have not changed since NCCL 2.0 and CUDA 7. Not tested: there was no GPU.
/// </summary>
internal sealed unsafe class NcclLibrary
{
    private const int Float32 = 7, Sum = 0; // ncclFloat32, ncclSum

    private static readonly Lazy<(NcclLibrary? Library, string? Refusal)> Loaded = new(Load);

    private readonly delegate* unmanaged[Cdecl]<NcclId*, int> _getId;
    private readonly delegate* unmanaged[Cdecl]<nint*, int, NcclId, int, int> _join;
    private readonly delegate* unmanaged[Cdecl]<ulong, ulong, nuint, int, int, nint, nint, int> _allReduce;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _abort;
    private readonly delegate* unmanaged[Cdecl]<int, nint> _ncclError;
    private readonly delegate* unmanaged[Cdecl]<int*, int> _countDevices;
    private readonly delegate* unmanaged[Cdecl]<int*, int, int> _getDevice;
    private readonly delegate* unmanaged[Cdecl]<nint*, int, int> _retainContext;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _useContext;
    private readonly delegate* unmanaged[Cdecl]<ulong*, nuint, int> _allocate;
    private readonly delegate* unmanaged[Cdecl]<ulong, int> _free;
    private readonly delegate* unmanaged[Cdecl]<ulong, void*, nuint, int> _copyIn;
    private readonly delegate* unmanaged[Cdecl]<void*, ulong, nuint, int> _copyOut;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _finish;

    private NcclLibrary(nint nccl, nint cuda)
    {
        _getId = (delegate* unmanaged[Cdecl]<NcclId*, int>)NativeLibrary.GetExport(nccl, "ncclGetUniqueId");
        _join = (delegate* unmanaged[Cdecl]<nint*, int, NcclId, int, int>)NativeLibrary.GetExport(nccl, "ncclCommInitRank");
        _allReduce = (delegate* unmanaged[Cdecl]<ulong, ulong, nuint, int, int, nint, nint, int>)NativeLibrary.GetExport(
            nccl, "ncclAllReduce");
        _abort = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(nccl, "ncclCommAbort");
        _ncclError = (delegate* unmanaged[Cdecl]<int, nint>)NativeLibrary.GetExport(nccl, "ncclGetErrorString");
        _countDevices = (delegate* unmanaged[Cdecl]<int*, int>)NativeLibrary.GetExport(cuda, "cuDeviceGetCount");
        _getDevice = (delegate* unmanaged[Cdecl]<int*, int, int>)NativeLibrary.GetExport(cuda, "cuDeviceGet");
        _retainContext = (delegate* unmanaged[Cdecl]<nint*, int, int>)NativeLibrary.GetExport(cuda, "cuDevicePrimaryCtxRetain");
        _useContext = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(cuda, "cuCtxSetCurrent");
        _allocate = (delegate* unmanaged[Cdecl]<ulong*, nuint, int>)NativeLibrary.GetExport(cuda, "cuMemAlloc_v2");
        _free = (delegate* unmanaged[Cdecl]<ulong, int>)NativeLibrary.GetExport(cuda, "cuMemFree_v2");
        _copyIn = (delegate* unmanaged[Cdecl]<ulong, void*, nuint, int>)NativeLibrary.GetExport(cuda, "cuMemcpyHtoD_v2");
        _copyOut = (delegate* unmanaged[Cdecl]<void*, ulong, nuint, int>)NativeLibrary.GetExport(cuda, "cuMemcpyDtoH_v2");
        _finish = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(cuda, "cuStreamSynchronize");
        CheckCuda(((delegate* unmanaged[Cdecl]<uint, int>)NativeLibrary.GetExport(cuda, "cuInit"))(0));
    }

    /// <summary>Why NCCL cannot be used in this process, as a part of a sentence; null where it can.</summary>
    public static string? Refusal => Loaded.Value.Refusal;

    /// <summary>The functions, where nothing is refused.</summary>
    public static NcclLibrary Functions => Loaded.Value.Library!;

    /// <summary>How many GPUs this process sees.</summary>
    public int DeviceCount
    {
        get
        {
            int count;
            CheckCuda(_countDevices(&count));
            return count;
        }
    }

    /// <summary>A new group's name, for rank 0 to tell the others.</summary>
    public byte[] NewId()
    {
        NcclId id;
        CheckNccl(_getId(&id));
        return new ReadOnlySpan<byte>(id.Bytes, NcclId.Length).ToArray();
    }

    /// <summary>The main context of a GPU, in which this thread works from now on.</summary>
    public nint UseDevice(int number)
    {
        int device;
        nint context;
        CheckCuda(_getDevice(&device, number));
        CheckCuda(_retainContext(&context, device));
        Use(context);
        return context;
    }

    /// <summary>Has this thread work in a context.</summary>
    public void Use(nint context) => CheckCuda(_useContext(context));

    /// <summary>Connects a rank with all others of its group; waits for them without end.</summary>
    public nint Join(ReadOnlySpan<byte> id, int rank, int size)
    {
        NcclId own;
        id.CopyTo(new Span<byte>(own.Bytes, NcclId.Length));
        nint group;
        CheckNccl(_join(&group, size, own, rank));
        return group;
    }

    /// <summary>Memory of the GPU.</summary>
    public ulong Allocate(long bytes)
    {
        ulong memory;
        CheckCuda(_allocate(&memory, (nuint)bytes));
        return memory;
    }

    /// <summary>Gives memory back.</summary>
    public void Free(ulong memory) => _ = _free(memory);

    /// <summary>Replaces values by their sums over the group, by way of memory as long.</summary>
    public void AllReduce(nint group, Span<float> values, ulong memory)
    {
        fixed (float* own = values)
        {
            nuint bytes = (nuint)values.Length * sizeof(float);
            CheckCuda(_copyIn(memory, own, bytes));
            CheckNccl(_allReduce(memory, memory, (nuint)values.Length, Float32, Sum, group, 0));
            CheckCuda(_finish(0));
            CheckCuda(_copyOut(own, memory, bytes));
        }
    }

    /// <summary>Ends a group from any thread; whoever waits in a sum comes back.</summary>
    public void Abort(nint group) => _ = _abort(group);

    private void CheckNccl(int result)
    {
        if (result != 0)
        {
            throw new IOException($"NCCL says: {Marshal.PtrToStringUTF8(_ncclError(result))}");
        }
    }

    private static void CheckCuda(int result)
    {
        if (result != 0)
        {
            throw new IOException($"the driver of CUDA answers with error {result}");
        }
    }

    private static (NcclLibrary? Library, string? Refusal) Load()
    {
        if (!OperatingSystem.IsLinux())
        {
            return (null, "it is there on Linux alone");
        }

        if (!NativeLibrary.TryLoad("libcuda.so.1", out nint cuda))
        {
            return (null, "there is no libcuda.so.1, the driver of NVIDIA's GPUs");
        }

        if (!NativeLibrary.TryLoad("libnccl.so.2", out nint nccl)
            && !(NativeFolders.Find("libtorch_cuda.so") is { } torch && NativeLibrary.TryLoad(torch, out nccl)))
        {
            return (null, "there is neither libnccl.so.2 nor a libtorch for CUDA");
        }

        try
        {
            return (new NcclLibrary(nccl, cuda), null);
        }
        catch (Exception e) when (e is IOException or EntryPointNotFoundException)
        {
            return (null, e.Message);
        }
    }
}

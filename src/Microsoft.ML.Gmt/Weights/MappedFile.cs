using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// A file mapped privately (copy on write) into memory, and tensors that view its bytes without copying. The mapping lives until this
/// object and every tensor made from it are gone; writing into such a tensor never reaches the file.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private static readonly ConcurrentDictionary<nint, MappedFile> Live = new();

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly Tensor _bytes;

    private MappedFile(string path, FileStream stream)
    {
        Path = path;
        Length = stream.Length;
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.CopyOnWrite);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        Live[(nint)_start] = this;
        _bytes = NativeTensor.OverMemory((nint)_start, Length, &Release);
    }

    /// <summary>How many mappings exist in this process, for leak tests.</summary>
    public static int LiveCount => Live.Count;

    public string Path { get; }

    public long Length { get; }

    /// <summary>Maps a file that is not empty.</summary>
    public static MappedFile Open(string path)
    {
        TorchRuntime.EnsureLoaded();
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        if (stream.Length > 0)
        {
            return new MappedFile(path, stream);
        }

        stream.Dispose();
        throw new WeightFileException(path, "the file is empty.", offset: 0);
    }

    /// <summary>Bytes of the file; valid while this object is not disposed.</summary>
    public ReadOnlySpan<byte> Span(long offset, int count)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
        {
            throw new WeightFileException(Path, $"{count} bytes are needed here, but the file has {Length}.", offset: offset);
        }

        return new ReadOnlySpan<byte>(_start + offset, count);
    }

    /// <summary>A one-dimensional tensor over a range of the file. It is a view; only a range that is not aligned for its type is copied.</summary>
    public Tensor Elements(long offset, long byteCount, ScalarType type, int elementSize)
    {
        if (byteCount == 0)
        {
            return empty(0, dtype: type);
        }

        using Tensor range = _bytes.narrow(0, offset, byteCount);
        if (offset % elementSize == 0)
        {
            return NativeTensor.ViewAs(range, type);
        }

        using Tensor aligned = range.clone();
        return NativeTensor.ViewAs(aligned, type);
    }

    /// <summary>Gives up this object's hold on the mapping; tensors made from it keep theirs.</summary>
    public void Dispose() => _bytes.Dispose();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(nint start)
    {
        // Called by libtorch, on any thread: an exception must not cross into native code, and unmapping throws none of its own.
        if (Live.TryRemove(start, out MappedFile? file))
        {
            file._view.SafeMemoryMappedViewHandle.ReleasePointer();
            file._view.Dispose();
            file._file.Dispose();
        }
    }
}

using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// The bytes of a weight file, mapped privately (copy on write) or copied from a stream, and tensors that view them without copying. They
/// live until this object and every tensor made from it are gone; writing into such a tensor never reaches the file.
/// </summary>
internal sealed unsafe class WeightBytes : IDisposable
{
    private const int VectorAlignment = 64;
    private const int SmallestBuffer = 64 << 10;

    private static readonly ConcurrentDictionary<nint, Mapping?> Live = new();

    private readonly byte* _start;
    private readonly Tensor _bytes;

    private WeightBytes(string path, byte* start, long length, Mapping? mapping)
    {
        Path = path;
        Length = length;
        _start = start;
        Live[(nint)start] = mapping;
        _bytes = NativeTensor.OverMemory((nint)start, length, &Release);
    }

    /// <summary>How many files' bytes this process holds, for leak tests.</summary>
    public static int LiveCount => Live.Count;

    public string Path { get; }

    public long Length { get; }

    /// <summary>Maps a file that is not empty.</summary>
    public static WeightBytes Open(string path)
    {
        TorchRuntime.EnsureLoaded();
        MistakenFile.ThrowIfBrokenLink(path);
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        long length = stream.Length;
        if (length == 0)
        {
            stream.Dispose();
            throw Empty(path);
        }

        MemoryMappedFile file = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        MemoryMappedViewAccessor view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        return new WeightBytes(path, start, length, new Mapping(file, view));
    }

    /// <summary>Copies what is left of a stream. Memory grows with the bytes that arrive, not with a length that is promised.</summary>
    public static WeightBytes Read(Stream stream, string name)
    {
        TorchRuntime.EnsureLoaded();
        byte* start = null;
        long length = 0;
        try
        {
            long capacity = 0;
            int read;
            do
            {
                if (length == capacity)
                {
                    capacity = Math.Max(SmallestBuffer, capacity * 2);
                    start = (byte*)NativeMemory.AlignedRealloc(start, (nuint)capacity, VectorAlignment);
                }

                read = stream.Read(new Span<byte>(start + length, (int)Math.Min(capacity - length, int.MaxValue)));
                length += read;
            }
            while (read > 0);

            return length > 0 ? new WeightBytes(name, start, length, mapping: null) : throw Empty(name);
        }
        catch
        {
            NativeMemory.AlignedFree(start);
            throw;
        }
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

    /// <summary>
    /// A one-dimensional tensor over a range of the file. It is a view; only a range that is not aligned for its type is copied.
    /// </summary>
    public Tensor Elements(long offset, long byteCount, ScalarType type, int elementSize)
    {
        if (byteCount == 0)
        {
            return empty(0, dtype: type, device: CPU);
        }

        using Tensor range = _bytes.narrow(0, offset, byteCount);
        if (offset % elementSize == 0)
        {
            return NativeTensor.ViewAs(range, type);
        }

        using Tensor aligned = range.clone();
        return NativeTensor.ViewAs(aligned, type);
    }

    /// <summary>Gives up this object's hold on the bytes; tensors made from it keep theirs.</summary>
    public void Dispose() => _bytes.Dispose();

    private static WeightFileException Empty(string path) =>
        new(path, "the file is empty.", offset: 0, remedy: "Download or write it again.");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(nint start)
    {
        // Called by libtorch, on any thread: an exception must not cross into native code, and releasing throws none of its own.
        if (!Live.TryRemove(start, out Mapping? mapping))
        {
            return;
        }

        if (mapping is null)
        {
            NativeMemory.AlignedFree((void*)start);
        }
        else
        {
            mapping.View.SafeMemoryMappedViewHandle.ReleasePointer();
            mapping.View.Dispose();
            mapping.File.Dispose();
        }
    }

    private sealed record Mapping(MemoryMappedFile File, MemoryMappedViewAccessor View);
}

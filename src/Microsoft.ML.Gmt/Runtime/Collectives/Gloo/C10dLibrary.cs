using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// The one door to <c>libGmtC10d</c> (<c>src/Gmt.Native/include/gmt_c10d.h</c>), which sums by the engine inside libtorch. It was written
/// for one version of libtorch on Linux and is tried once, by a group of one rank, before it is used.
/// </summary>
internal static unsafe partial class C10dLibrary
{
    /// <summary>Its name for imports.</summary>
    public const string Name = "GmtC10d";

    private const string File = "libGmtC10d.so";
    private const int AbiVersion = 1, MessageLength = 1_000;

    private static readonly Lazy<(nint Handle, string? Refusal)> Loaded = new(Load);
    private static readonly Lazy<string?> Tried = new(() => Loaded.Value.Refusal ?? Try());

    /// <summary>Why it cannot be used in this process, as a part of a sentence; null where it can.</summary>
    public static string? Refusal => Tried.Value;

    /// <summary>The loaded library, or 0.</summary>
    public static nint Handle => Loaded.Value.Handle;

    /// <summary>Connects a rank with all others of its group.</summary>
    /// <exception cref="IOException">It cannot be done; the message is libtorch's.</exception>
    public static nint Connect(in GlooOptions options)
    {
        byte* message = stackalloc byte[MessageLength];
        fixed (GlooOptions* given = &options)
        {
            Check(Connect(given, out nint group, message, MessageLength), message);
            return group;
        }
    }

    /// <summary>Replaces values, of which there is one at least, by their sums over the group.</summary>
    /// <exception cref="IOException">It cannot be done; the message is libtorch's.</exception>
    public static void Sum(nint group, Memory<float> values)
    {
        byte* message = stackalloc byte[MessageLength];
        using var pinned = values.Pin();
        Check(Sum(group, (float*)pinned.Pointer, values.Length, message, MessageLength), message);
    }

    /// <summary>Closes the connections of a group.</summary>
    [LibraryImport(Name, EntryPoint = "gmt_c10d_free")]
    public static partial void Free(nint group);

    private static void Check(int status, byte* message)
    {
        if (status != 0)
        {
            throw new IOException(Marshal.PtrToStringUTF8((nint)message));
        }
    }

    private static (nint Handle, string? Refusal) Load()
    {
        if (!OperatingSystem.IsLinux())
        {
            return (0, "it is there on Linux alone");
        }

        if (Environment.GetEnvironmentVariable("GMT_NATIVE") == "0")
        {
            return (0, "GMT_NATIVE=0 leaves native libraries out");
        }

        if (NativeFolders.Find(File) is not { } path)
        {
            return (0, $"{File} is not beside the program (it is built where there are CMake and a C++ compiler)");
        }

        try
        {
            nint handle = NativeLibrary.Load(path);
            return NativeLibrary.TryGetExport(handle, "gmt_c10d_abi_version", out nint version)
                && ((delegate* unmanaged[Cdecl]<int>)version)() == AbiVersion
                ? (handle, null) : (0, $"'{path}' belongs to another version of this library");
        }
        catch (DllNotFoundException e)
        {
            return (0, $"'{path}' could not be loaded: {e.Message}");
        }
    }

    /// <summary>Sums three numbers over one rank.</summary>
    private static string? Try()
    {
        byte* message = stackalloc byte[MessageLength];
        DirectoryInfo? folder = null;
        nint group = 0;
        try
        {
            TorchRuntime.EnsureLoaded();
            Check(CheckTorch(message, MessageLength), message);
            folder = Directory.CreateTempSubdirectory("gmt-c10d-");
            float[] values = [1, 2.5f, -3];
            fixed (byte* address = "127.0.0.1\0"u8, file = Encoding.UTF8.GetBytes(Path.Combine(folder.FullName, "store\0")))
            {
                group = Connect(new GlooOptions
                {
                    Size = 1,
                    Address = address,
                    File = file,
                    Listening = -1,
                    ConnectMilliseconds = 10_000,
                    SumMilliseconds = 10_000,
                });
            }

            Sum(group, values);
            return values is [1, 2.5f, -3] ? null : "a sum over one rank, made on trial, was wrong";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return e.Message;
        }
        finally
        {
            Free(group);
            folder?.Delete(recursive: true);
        }
    }

    [LibraryImport(Name, EntryPoint = "gmt_c10d_check")]
    private static partial int CheckTorch(byte* message, int length);

    [LibraryImport(Name, EntryPoint = "gmt_c10d_connect")]
    private static partial int Connect(GlooOptions* options, out nint group, byte* message, int length);

    [LibraryImport(Name, EntryPoint = "gmt_c10d_sum")]
    private static partial int Sum(nint group, float* values, long count, byte* message, int length);
}

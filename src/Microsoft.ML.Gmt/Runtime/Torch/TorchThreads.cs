using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Runs work on as many threads as libtorch uses (<c>torch.set_num_threads</c>), and where libtorch has GNU's OpenMP, on the same threads.
/// </summary>
/// <remarks>
/// OpenMP's threads wait for their next work awake, for some milliseconds. Threads of .NET would share processors with them, right after
/// each matrix product; here the waiting threads do the work.
/// </remarks>
internal static unsafe class TorchThreads
{
    private static readonly Lazy<nint> Fork = new(FindFork);

    /// <summary>Does each of some tasks once, each on one thread; throws the first exception of any of them.</summary>
    /// <param name="count">How many tasks there are.</param>
    /// <param name="task">Does the task of a number below <paramref name="count"/>.</param>
    public static void ForEach(int count, Action<int> task)
    {
        int threads = Math.Min(count, torch.get_num_threads());
        if (threads > 1 && Fork.Value != 0)
        {
            var team = new Team(count, task);
            GCHandle handle = GCHandle.Alloc(team);
            try
            {
                var fork = (delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<nint, void>, nint, uint, uint, void>)Fork.Value;
                fork(&Join, GCHandle.ToIntPtr(handle), (uint)threads, 0);
            }
            finally
            {
                handle.Free();
            }

            team.Failure?.Throw();
        }
        else if (threads > 1)
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, task);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                task(i);
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Join(nint team) => ((Team)GCHandle.FromIntPtr(team).Target!).Work();

    /// <summary>GOMP_parallel of the OpenMP that lies beside libtorch and that it has loaded; 0 where there is none.</summary>
    private static nint FindFork()
    {
        const string maps = "/proc/self/maps";
        if (!File.Exists(maps))
        {
            return 0;
        }

        string[] loaded = [.. File.ReadLines(maps).Where(line => line.Contains('/')).Select(line => line[line.IndexOf('/')..]).Distinct()];
        string? folder = Path.GetDirectoryName(Array.Find(loaded, file => Path.GetFileName(file) == "libtorch_cpu.so"));
        string? library = Array.Find(
            loaded,
            file => Path.GetDirectoryName(file) == folder && Path.GetFileName(file).StartsWith("libgomp", StringComparison.Ordinal));
        return folder is not null && library is not null && NativeLibrary.TryLoad(library, out nint handle)
            && NativeLibrary.TryGetExport(handle, "GOMP_parallel", out nint fork) ? fork : 0;
    }

    private sealed class Team(int count, Action<int> task)
    {
        private int _taken = -1;
        private ExceptionDispatchInfo? _failure;

        public ExceptionDispatchInfo? Failure => _failure;

        public void Work()
        {
            try
            {
                for (int i; _failure is null && (i = Interlocked.Increment(ref _taken)) < count;)
                {
                    task(i);
                }
            }
            catch (Exception e)   // it must not leave through OpenMP's frames: the caller throws it
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
            }
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// The one door to <c>libGmtNative</c> (<c>src/Gmt.Native/include/gmt.h</c>). Every kernel has a managed twin with equal results in the
/// folder whose idea it is; the twin runs where the library is missing, or where <c>GMT_NATIVE=0</c> asks for it.
/// </summary>
internal static unsafe partial class NativeKernels
{
    private const string Library = "GmtNative";
    private const int AbiVersion = 4;

    private static readonly Lazy<nint> Handle = new(Load);

    /// <summary>Whether the native side runs in this process.</summary>
    public static bool IsAvailable => Handle.Value != 0;

    /// <summary>
    /// Prepares the search for distinct edge states of a graph; what it finds does not depend on ranks and serves any number of searches.
    /// </summary>
    /// <param name="relationCount">R, inverse relations included; at most 65,535.</param>
    /// <param name="topK">How many relations a context holds; at least 1.</param>
    /// <param name="offsets">Where each entity's edges begin, and the end of all: [entities + 1].</param>
    /// <param name="relations">The relation of each edge: [edges].</param>
    /// <param name="neighbors">The entity that each edge leads to: [edges].</param>
    /// <param name="index">The result; dispose it.</param>
    /// <returns>False where the managed twin has to do it.</returns>
    /// <exception cref="ArgumentException">An array is of the wrong length, or an id is out of range.</exception>
    public static bool TryIndexGraph(
        int relationCount, int topK, ReadOnlySpan<long> offsets, ReadOnlySpan<int> relations, ReadOnlySpan<int> neighbors,
        [NotNullWhen(true)] out NativeGraphIndex? index)
    {
        index = null;
        if (!IsAvailable)
        {
            return false;
        }

        if (offsets.IsEmpty || relations.Length != neighbors.Length || offsets[^1] != relations.Length)
        {
            throw new ArgumentException(
                $"{relations.Length} relations, {neighbors.Length} neighbors and a last offset of {(offsets.IsEmpty ? "nothing" : offsets[^1])} contradict each other.", nameof(offsets));
        }

        fixed (long* o = offsets)
        fixed (int* r = relations, n = neighbors)
        {
            Check(IndexGraph(offsets.Length - 1, relationCount, topK, o, r, n, 0, out nint handle));
            index = new NativeGraphIndex(handle, relationCount, topK, relations.Length);
        }

        return true;
    }

    internal static NativeEdgeStates FindEdgeStates(nint index, int topK, ReadOnlySpan<ushort> ranks, int edgeCount)
    {
        int[] edgeState = new int[edgeCount];
        nint states;
        fixed (ushort* rank = ranks)
        fixed (int* edge = edgeState)
        {
            Check(FindEdgeStates(index, rank, 0, edge, out states));
        }

        try
        {
            int[] relation = new int[EdgeStateCount(states)];
            int[] context = new int[checked(relation.Length * topK)];
            fixed (int* r = relation, c = context)
            {
                Check(CopyEdgeStates(states, r, c));
            }

            return new NativeEdgeStates(edgeState, relation, context);
        }
        finally
        {
            FreeEdgeStates(states);
        }
    }

    private static void Check(int status)
    {
        if (status == 0)
        {
            return;
        }

        string message = $"Gmt.Native: {Marshal.PtrToStringUTF8(StatusMessage(status))}.";
        throw status switch
        {
            1 or 2 => new ArgumentException(message),
            3 => new NotSupportedException(message),
            4 => new InsufficientMemoryException(message),
            _ => new InvalidOperationException(message),
        };
    }

    [SuppressMessage("Reliability", "CA2255", Justification = "A resolver must be set before the first call, once.")]
    [ModuleInitializer]
    internal static void SetResolver() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeKernels).Assembly, static (name, _, _) => name switch
        {
            Library => Handle.Value,
            C10dLibrary.Name => C10dLibrary.Handle,
            _ => 0,
        });

    private static nint Load()
    {
        if (Environment.GetEnvironmentVariable("GMT_NATIVE") == "0")
        {
            return 0;
        }

        string file = OperatingSystem.IsWindows() ? "GmtNative.dll" : OperatingSystem.IsMacOS() ? "libGmtNative.dylib" : "libGmtNative.so";
        if (NativeFolders.Find(file) is not { } path || !NativeLibrary.TryLoad(path, out nint handle))
        {
            return 0;
        }

        // A library of another version, left over beside the application, is as good as none.
        return NativeLibrary.TryGetExport(
            handle, "gmt_abi_version", out nint version) && ((delegate* unmanaged[Cdecl]<int>)version)() == AbiVersion ? handle : 0;
    }

    [LibraryImport(Library, EntryPoint = "gmt_status_message")]
    private static partial nint StatusMessage(int status);

    [LibraryImport(Library, EntryPoint = "gmt_index_graph")]
    private static partial int IndexGraph(
        int entityCount, int relationCount, int topK, long* offsets, int* relations, int* neighbors, int threadCount, out nint index);

    [LibraryImport(Library, EntryPoint = "gmt_free_graph_index")]
    internal static partial void FreeGraphIndex(nint index);

    [LibraryImport(Library, EntryPoint = "gmt_find_edge_states")]
    private static partial int FindEdgeStates(nint index, ushort* rank, int threadCount, int* edgeState, out nint states);

    [LibraryImport(Library, EntryPoint = "gmt_edge_state_count")]
    private static partial int EdgeStateCount(nint states);

    [LibraryImport(Library, EntryPoint = "gmt_copy_edge_states")]
    private static partial int CopyEdgeStates(nint states, int* stateRelation, int* stateContext);

    [LibraryImport(Library, EntryPoint = "gmt_free_edge_states")]
    private static partial void FreeEdgeStates(nint states);
}

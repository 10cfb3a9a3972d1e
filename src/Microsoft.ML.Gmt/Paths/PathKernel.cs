namespace Microsoft.ML.Gmt.Paths;

/// <summary>Chooses what runs path networks.</summary>
internal static class PathKernel
{
    /// <summary>Makes a kernel for a graph: the native one where there is one, else its managed twin.</summary>
    public static IPathKernel Create(MessageGraph graph) =>
        NativePathKernel.Takes(graph) ? new NativePathKernel(graph) : new ManagedPathKernel(graph);
}

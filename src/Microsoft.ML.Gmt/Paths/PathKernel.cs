namespace Microsoft.ML.Gmt.Paths;

/// <summary>Chooses what runs path networks.</summary>
internal static class PathKernel
{
    /// <summary>Makes a kernel for a graph.</summary>
    public static IPathKernel Create(MessageGraph graph) => new ManagedPathKernel(graph);
}

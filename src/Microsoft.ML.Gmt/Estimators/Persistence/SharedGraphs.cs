using System.Runtime.CompilerServices;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt;

/// <summary>
/// Which graphs an archive has, while it is written or read: one that several transformers of a chain have in common stands there once, and
/// is one object again when the chain is loaded.
/// </summary>
/// <remarks>
/// ML.NET gives a transformer that is saved or loaded nothing but the archive, so what is known hangs on that object, and goes with it.
/// </remarks>
internal sealed class SharedGraphs
{
    private static readonly ConditionalWeakTable<object, SharedGraphs> OfArchives = [];

    private readonly Dictionary<string, KnowledgeGraph> _graphs = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Those of an archive that is being written or read.</summary>
    public static SharedGraphs Of(object archive) => OfArchives.GetOrCreateValue(archive);

    /// <summary>The folder that has a graph, this very object; null where none has.</summary>
    public string? FolderOf(KnowledgeGraph graph)
    {
        lock (_lock)
        {
            return _graphs.FirstOrDefault(pair => ReferenceEquals(pair.Value, graph)).Key;
        }
    }

    /// <summary>The graph of a folder, if it was read already.</summary>
    public KnowledgeGraph? InFolder(string folder)
    {
        lock (_lock)
        {
            return _graphs.GetValueOrDefault(folder);
        }
    }

    /// <summary>Remembers the graph of a folder.</summary>
    public void Add(string folder, KnowledgeGraph graph)
    {
        lock (_lock)
        {
            _graphs[folder] = graph;
        }
    }
}

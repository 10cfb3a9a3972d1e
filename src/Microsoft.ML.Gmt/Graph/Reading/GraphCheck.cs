namespace Microsoft.ML.Gmt.Graph;

/// <summary>Everything that is wrong with a graph's files, and the graph as far as it could be read.</summary>
/// <param name="Graph">What is right of it; null where too little is.</param>
/// <param name="Faults">The first thousand faults, in the order of files and lines.</param>
/// <param name="FaultCount">How many faults there are.</param>
public sealed record GraphCheck(KnowledgeGraph? Graph, IReadOnlyList<GraphFormatException> Faults, long FaultCount)
{
    /// <summary>Reads a graph, passing over what is wrong, in whatever form it is found, as <see cref="KnowledgeGraphReader.Read"/> does.</summary>
    /// <param name="path">A folder in OpenKE's layout, another folder of triple files, or a file of triples.</param>
    /// <param name="options">How to read an OpenKE folder, strictly in any case; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    public static GraphCheck Read(string path, OpenKeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        KnowledgeGraphReader.ThrowIfMissing(path);
        var log = new FaultLog(notes: true);
        KnowledgeGraph? graph = null;
        try
        {
            OpenKeOptions strict = (options ?? new OpenKeOptions()) with { Compatibility = OpenKeCompatibility.Strict };
            graph = KnowledgeGraphReader.ReadDetected(path, strict, log);
        }
        catch (FileNotFoundException missing)
        {
            log.Report(new GraphFormatException(missing.Message, missing));
        }
        catch (GraphFormatException fault)
        {
            log.Report(fault); // one that leaves nothing to go on with
        }

        return new GraphCheck(graph, log.Faults, log.Count);
    }
}

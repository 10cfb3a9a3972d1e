using System.Globalization;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Everything that is wrong with a graph's files, and the graph as far as it could be read.</summary>
/// <param name="Graph">What is right of it; null where too little is.</param>
/// <param name="Faults">The first thousand faults, in the order of files and lines.</param>
/// <param name="FaultCount">How many faults there are.</param>
public sealed record GraphCheck(KnowledgeGraph? Graph, IReadOnlyList<GraphFormatException> Faults, long FaultCount)
{
    /// <summary>
    /// What is allowed but seldom meant: what was guessed or left out while reading, then what the graph itself looks like, such as columns
    /// in another order, names that look alike, and test triples that training gives away.
    /// </summary>
    public IReadOnlyList<GraphDoubt> Doubts { get; init; } = [];

    /// <summary>
    /// Reads a graph, passing over what is wrong, in whatever form it is found, as <see cref="KnowledgeGraphReader.Read(string)"/> does.
    /// </summary>
    /// <param name="path">A folder in OpenKE's layout, another folder of triple files, or a file of triples.</param>
    /// <param name="options">How to read an OpenKE folder, strictly in any case; null for the defaults.</param>
    /// <param name="delimited">How to read files of triples of names; null finds it.</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder.</exception>
    /// <example>
    /// <code>
    /// GraphCheck check = GraphCheck.Read("products.csv");
    /// Console.WriteLine($"{check.FaultCount} faults");
    /// foreach (GraphDoubt doubt in check.Doubts)
    /// {
    ///     Console.WriteLine(doubt);
    /// }
    /// </code>
    /// </example>
    public static GraphCheck Read(string path, OpenKeOptions? options = null, DelimitedOptions? delimited = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        OpenKeOptions openKe = options ?? new OpenKeOptions();
        DelimitedOptions names = delimited ?? new DelimitedOptions { AddInverse = openKe.AddInverse };
        return Read(new GraphSource(path) { OpenKe = openKe, Names = names });
    }

    /// <summary>The same, of a source that names its files.</summary>
    internal static GraphCheck Read(GraphSource source)
    {
        KnowledgeGraphReader.ThrowIfMissing(source.Path);
        var log = new FaultLog(notes: true);
        KnowledgeGraph? graph = null;
        try
        {
            graph = (source with { OpenKe = source.OpenKe with { Compatibility = OpenKeCompatibility.Strict } }).ReadWhole(log);
        }
        catch (FileNotFoundException missing)
        {
            log.Report(new GraphFormatException(missing.Message, missing));
        }
        catch (GraphFormatException fault)
        {
            log.Report(fault); // one that leaves nothing to go on with
        }

        return new GraphCheck(graph, log.Faults, log.Count)
        {
            Doubts = [.. log.Doubts, .. graph is null ? [] : GraphDoubts.Of(graph, log)],
        };
    }

    /// <summary>The graph in numbers, and how many faults and doubts there are.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Graph?.ToString() ?? "no graph"}; {FaultCount:n0} faults, {Doubts.Count:n0} doubts");
}

using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>The true triples that a model of a graph learns from, and those that its epochs are judged by.</summary>
/// <param name="host">Hears of unknown names.</param>
/// <param name="channel">Hears of what is missing.</param>
/// <param name="graph">Whose names.</param>
/// <param name="columns">Where the names stand.</param>
/// <param name="unknownNames">What becomes of rows with a name that the graph lacks.</param>
internal sealed class TrainingRows(
    IHost host, IChannel channel, KnowledgeGraph graph, TripleColumnNames columns, UnknownNameHandling unknownNames)
{
    /// <summary>The triples that are learned from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    /// <exception cref="NothingToTrainOnException">There is none.</exception>
    public Triple[] ToLearnFrom(IDataView data) => ReadTrue(data) is { Length: > 0 } triples
        ? triples
        : throw new NothingToTrainOnException("no row is labeled true and has names that the graph knows.");

    /// <summary>The triples that epochs are judged by; may be empty.</summary>
    /// <param name="data">Rows that are given for it; null for none.</param>
    /// <param name="areOfGraph">Whether the graph's validation triples take their place.</param>
    /// <param name="patience">Epochs without a better figure after which training is to end; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    public Triple[] ToJudgeBy(IDataView? data, bool areOfGraph, int? patience)
    {
        Triple[] triples = data is not null ? ReadTrue(data) : areOfGraph ? graph.Triples(GraphSplit.Validation).ToArray() : [];
        if (triples.Length == 0 && (areOfGraph || patience is not null))
        {
            channel.Warning(
                MessageSensitivity.None,
                "There are no validation triples: the last epoch is kept, and no patience ends the run. graph.Split holds some out of a "
                + "graph that comes as one file.");
        }

        return triples;
    }

    private Triple[] ReadTrue(IDataView data) =>
        LabeledTriples.ReadTrue(data, columns, graph, new UnknownNames(host, unknownNames, UnknownNames.LeftOut));
}

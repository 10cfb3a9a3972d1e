using System.Globalization;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>A graph that a command has read, and how.</summary>
/// <param name="Source">Where from.</param>
/// <param name="Graph">The graph, divided where it came without splits and that is wanted.</param>
internal sealed record GraphReading(GraphSource Source, KnowledgeGraph Graph)
{
    /// <summary>What a folder records of it, beside the reference's arguments.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Entries => RecordedGraph.Entries(Source, Graph);

    /// <summary>The reference's arguments as they hold of it, whoever said so.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Settled =>
    [
        new("triple_file", Source.OpenKeFiles().TrainFile), new("triple_format", Source.OpenKe.TripleFormat),
        new("add_inverse", Graph.AddInverse),
    ];

    /// <summary>Reads a graph to learn from; one that comes without splits is divided, and the counts are said.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="source">Where from.</param>
    /// <param name="split">How it is divided.</param>
    /// <exception cref="CommandFailure">A division that was asked for is not possible.</exception>
    public static GraphReading ToTrain(CommandContext context, GraphSource source, SplitFlags split)
    {
        source = source with { Division = split.Division(context) };
        KnowledgeGraph whole = ReadWhole(context, source);
        bool isAskedFor = split.IsGiven(context) && source.Division!.HoldsOut;
        if (!isAskedFor && !source.Divides(whole))
        {
            return new GraphReading(source, whole);
        }

        try
        {
            KnowledgeGraph graph = Divide(whole, source.Division!);
            context.Terminal.Error.WriteLine(Counts(source, graph));
            return new GraphReading(source, graph);
        }
        catch (InvalidOperationException e) when (isAskedFor)
        {
            throw new CommandFailure(e.Message, e);
        }
        catch (InvalidOperationException e)
        {
            context.Terminal.Warn($"{e.Message} All of {source.Path} is trained on, and nothing is left to judge by");
            return new GraphReading(source, whole);
        }
    }

    /// <summary>
    /// Reads a graph as the training run of a model read it, and divides it where the run did not and that is asked for; one that was
    /// divided and changed since is refused.
    /// </summary>
    /// <param name="context">The arguments.</param>
    /// <param name="source">Where from, and how it was divided.</param>
    /// <param name="split">How it is divided, where the run did not.</param>
    /// <param name="record">What the run recorded.</param>
    /// <exception cref="CommandFailure">It was divided, and is no longer the graph that it was.</exception>
    public static GraphReading Again(CommandContext context, GraphSource source, SplitFlags split, PythonArguments record) =>
        source.Division is null && split.IsGiven(context) ? ToTrain(context, source, split) : OfModel(context, source, record);

    /// <summary>Reads a graph as it is, and warns of what had to be guessed.</summary>
    public static KnowledgeGraph ReadWhole(CommandContext context, GraphSource source)
    {
        KnowledgeGraph graph = source.ReadWhole(out IReadOnlyList<GraphDoubt> guesses);
        foreach (GraphDoubt guess in guesses)
        {
            context.Terminal.Warn(FlagNames.In(context, guess.About(source.Path)));
        }

        return graph;
    }

    private static GraphReading OfModel(CommandContext context, GraphSource source, PythonArguments record)
    {
        KnowledgeGraph graph = ReadWhole(context, source);
        if (source.Division is not { HoldsOut: true } division)
        {
            if (RecordedGraph.Difference(record, graph) is { } other)
            {
                context.Terminal.Warn($"the graph '{source.Path}' is not the one that {record.Path} records: {other}");
            }

            return new GraphReading(source, graph);
        }

        string? difference;
        try
        {
            graph = Divide(graph, division);
            difference = RecordedGraph.Difference(record, graph);
        }
        catch (InvalidOperationException e)
        {
            difference = e.Message;
        }

        return difference is null ? new GraphReading(source, graph) : throw new CommandFailure(
            $"the graph '{source.Path}' is not the one of the training run that {record.Path} records: {difference}. Triples "
            + "that were held out then might be evidence by now; bring the file of the training run back, or train anew");
    }

    private static KnowledgeGraph Divide(KnowledgeGraph graph, GraphDivision division) =>
        graph.Split(division.ValidationFraction, division.TestFraction, division.Seed);

    private static string Counts(GraphSource source, KnowledgeGraph graph)
    {
        int Count(GraphSplit split) => graph.Triples(split).Length;
        (int train, int validation, int test) = (Count(GraphSplit.Train), Count(GraphSplit.Validation), Count(GraphSplit.Test));
        string counts = string.Create(
            CultureInfo.InvariantCulture,
            $"of {train + validation + test:N0} triples {train:N0} are for training, {validation:N0} for validation, {test:N0} for test");
        return $"{source.Path} was split: {counts} (--split_seed {source.Division!.Seed}; "
            + "--validation_fraction 0 --test_fraction 0 holds nothing out)";
    }
}

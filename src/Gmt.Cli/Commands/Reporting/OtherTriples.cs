using System.Globalization;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Triples of other files to judge a model by, in the ids of its graph.</summary>
internal static class OtherTriples
{
    /// <summary>The model's graph with other triples in a split; those with names that it lacks are left out and counted.</summary>
    /// <param name="context">Where warnings go.</param>
    /// <param name="graph">The model's graph.</param>
    /// <param name="path">The other triples: their own split of this name, or all where they come without splits.</param>
    /// <param name="split">The split.</param>
    /// <exception cref="CommandFailure">None of them is left.</exception>
    public static (KnowledgeGraph Graph, Report Counts) Of(CommandContext context, KnowledgeGraph graph, string path, GraphSplit split)
    {
        if (!Path.Exists(path))
        {
            throw new CommandFailure($"There is nothing at '{path}', which --data names: give a graph's file or folder.");
        }

        KnowledgeGraph other = GraphReading.ReadWhole(context, new GraphSource(path));
        GraphSplit from = other.Triples(split).IsEmpty ? GraphSplit.Train : split;
        var builder = new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names);
        foreach (GraphSplit own in Enum.GetValues<GraphSplit>().Where(own => own != split))
        {
            builder.AddRange(graph.Triples(own), own);
            builder.AddRange(graph.Negatives(own), own, label: false);
        }

        var ids = new Ids(graph, other);
        Triple[] known = [.. other.Triples(from).ToArray().Select(ids.Of).OfType<Triple>()];
        Triple[] negatives = [.. other.Negatives(from).ToArray().Select(ids.Of).OfType<Triple>()];
        int all = other.Triples(from).Length + other.Negatives(from).Length, left = all - known.Length - negatives.Length;
        if (known.Length == 0)
        {
            throw new CommandFailure(
                $"The graph of the model knows the names of none of the {all} triples of '{path}': give triples of the same names.");
        }

        if (left > 0)
        {
            context.Terminal.Warn(string.Create(
                CultureInfo.InvariantCulture, $"{left:n0} of {all:n0} triples of {path} have names that the model's graph lacks"));
        }

        builder.AddRange(known, split);
        builder.AddRange(negatives, split, label: false);
        var training = new KnownTriples(graph, GraphSplit.Train);
        return (builder.Build(graph.AddInverse), new Report("Triples of --data")
            .With("file or folder", Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))
            .With("triples", all)
            .With("left out for names that the model's graph lacks", left)
            .With("stated by a training triple, which is hidden from its verdict", known.Count(training.Contains)));
    }

    /// <summary>Ids of another graph's names, each of which is looked up once.</summary>
    private sealed class Ids(KnowledgeGraph graph, KnowledgeGraph other)
    {
        private readonly int[] _entities = [.. other.Entities.Names.Select(name => graph.FindEntity(name).Id)];
        private readonly int[] _relations = [.. other.Relations.Names.Select(name => graph.FindRelation(name).Id)];

        public Triple? Of(Triple triple)
        {
            var own = new Triple(_entities[triple.Head], _relations[triple.Relation], _entities[triple.Tail]);
            return own.Head < 0 || own.Relation < 0 || own.Tail < 0 ? null : own;
        }
    }
}

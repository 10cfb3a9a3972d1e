using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary><c>gmt entities</c> and <c>gmt relations</c>: the names that questions to a model, or to a graph alone, can use.</summary>
internal sealed class NamesCommand : GmtCommand
{
    private readonly bool _ofEntities;
    private readonly Option<string> _path = ModelFlags.PathOfAnyStage();
    private readonly ModelFlags _model = new();
    private readonly Option<string> _find = Flag.Text(
        "--find", "Only those whose name or label holds this text, in any case.", form: "TEXT");
    private readonly Option<int> _top;
    private readonly ReportFlags _report = new();

    private NamesCommand(string name, bool ofEntities) : base(name, $"Lists the {name} of a model or a graph, the most frequent first.")
    {
        _ofEntities = ofEntities;
        _top = Flag.Integer("--top", $"How many {name} are listed.", 50, least: 1, most: 1_000_000_000);
        Add("Model", [_path, .. _model.Parts]);
        Add("List", _find, _top);
        Add(_model.GraphFiles);
        Add("Output", _report.All);
    }

    /// <summary>The command that lists entities.</summary>
    public static NamesCommand OfEntities() => new("entities", ofEntities: true);

    /// <summary>The command that lists relations.</summary>
    public static NamesCommand OfRelations() => new("relations", ofEntities: false);

    /// <inheritdoc/>
    public override string Example => _ofEntities
        ? "--model facts.zip --find sweden\ngmt entities --graph products.csv --top 100 --csv"
        : "--model facts.zip\ngmt relations --graph products.csv --json";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        string path = context.Get(_path), graphPath = context.Get(_model.Graph.Reference.Folder);
        using FactModel? model = path.Length > 0 ? _model.Load(context, path) : null;
        KnowledgeGraph graph = model?.Graph
            ?? (graphPath.Length > 0 ? _model.ReadGraph(context, graphPath) : throw new UsageError("give --model, or --kg_dir alone"));
        (string Name, string Label, int[] Counts)[] all = [.. _ofEntities ? Entities(graph) : Relations(graph)];
        string text = context.Get(_find);
        (string Name, string Label, int[] Counts)[] found =
            [.. all.Where(row => Holds(row.Name, text) || Holds(row.Label, text)).OrderByDescending(row => row.Counts.Sum())];
        string[] counts = _ofEntities ? ["training triples as head", "as tail"] : ["training triples"];
        _report.Write(context, new Report($"{(path.Length > 0 ? path : graphPath)}: {Name}")
            .With(Name, all.Length)
            .With("found", text.Length > 0 ? found.Length : null)
            .With("not listed", found.Length > context.Get(_top) ? found.Length - context.Get(_top) : null)
            .With(new ReportTable("list", ["name", "label", .. counts],
                [
                    .. found.Take(context.Get(_top))
                        .Select(row => (IReadOnlyList<object?>)[row.Name, row.Label, .. row.Counts.Cast<object>()]),
                ])));
        return ExitCode.Success;
    }

    private static IEnumerable<(string Name, string Label, int[] Counts)> Entities(KnowledgeGraph graph)
    {
        (int[] asHead, int[] asTail) = DegreeDistribution.OfEntities(graph);
        return asHead.Select((count, id) => (graph.Entities[id], graph.EntityText(id), new[] { count, asTail[id] }));
    }

    private static IEnumerable<(string Name, string Label, int[] Counts)> Relations(KnowledgeGraph graph)
    {
        int[] counts = new int[graph.Relations.Count];
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            counts[triple.Relation]++;
        }

        return counts.Select((count, id) => (graph.Relations[id], graph.RelationText(id), new[] { count }));
    }

    private static bool Holds(string name, string text) => name.Contains(text, StringComparison.OrdinalIgnoreCase);
}

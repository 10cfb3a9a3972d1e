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
        var names = new GraphNames(graph, context.Terminal);
        (NamedItem Item, int Head, int Tail)[] all = Counted(graph, names);
        string text = context.Get(_find);
        (NamedItem Item, int Head, int Tail)[] found =
        [
            .. all.Where(row => Holds(row.Item.Name, text) || Holds(row.Item.Label, text)).OrderByDescending(row => row.Head + row.Tail),
        ];
        Report report = new Report($"{(path.Length > 0 ? path : graphPath)}: {Name}")
            .With(Name, all.Length)
            .With("found", text.Length > 0 ? found.Length : null)
            .With("not listed", found.Length > context.Get(_top) ? found.Length - context.Get(_top) : null);
        IEnumerable<(NamedItem Item, int Head, int Tail)> listed = found.Take(context.Get(_top));
        _report.Write(context, report.With(_ofEntities
            ? new ReportTable("list", ["name", "label", "training triples as head", "as tail"],
                [.. listed.Select(row => new object?[] { row.Item.Name, row.Item.Label, row.Head, row.Tail })])
            : new ReportTable("list", ["name", "label", "training triples"],
                [.. listed.Select(row => new object?[] { row.Item.Name, row.Item.Label, row.Head })])));
        return ExitCode.Success;
    }

    /// <summary>Every entity with its training triples at either side, or every relation with its training triples.</summary>
    private (NamedItem Item, int Head, int Tail)[] Counted(KnowledgeGraph graph, GraphNames names)
    {
        int count = _ofEntities ? graph.Entities.Count : graph.Relations.Count;
        var counts = new (int Head, int Tail)[count];
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            if (_ofEntities)
            {
                counts[triple.Head].Head++;
                counts[triple.Tail].Tail++;
            }
            else
            {
                counts[triple.Relation].Head++;
            }
        }

        return
        [
            .. counts.Select((row, id) => (_ofEntities ? names.EntityItem(id) : names.RelationItem(id), row.Head, row.Tail)),
        ];
    }

    private static bool Holds(string name, string text) => name.Contains(text, StringComparison.OrdinalIgnoreCase);
}

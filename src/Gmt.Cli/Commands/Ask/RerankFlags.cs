using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Link prediction in two steps: any model retrieves entities, the language model judges these again.</summary>
internal sealed class RerankFlags
{
    private const int VerdictsAtOnce = 16;

    private readonly Option<int> _candidates = Flag.Integer(
        "--rerank",
        "Also link prediction in two steps: so many entities are retrieved for each question, and the language model's verdicts on them "
        + "are added with the weight that is best on validation triples. 0 for none.", 0, least: 0, most: 1_000_000);
    private readonly Option<string> _retriever = Flag.Text(
        "--retriever",
        "What retrieves them: an ML.NET model (.zip) of an embedding or a path model on the same graph, or a path model's checkpoint "
        + "(.pth, .safetensors). By default the graph module.", form: "FILE");
    private readonly Option<int> _triples = Flag.Integer(
        "--rerank_triples", "How many triples of a split are ranked so, drawn by --seed.", 200, least: 1, most: 1_000_000_000);

    /// <summary>The options.</summary>
    public Option[] Options => [_candidates, _retriever, _triples];

    /// <summary>Refuses options that have no use, before any work.</summary>
    /// <exception cref="UsageError">One has none.</exception>
    public void Check(CommandContext context)
    {
        if (context.Get(_candidates) == 0 && Array.Find<Option>([_retriever, _triples], context.IsGiven) is { } idle)
        {
            throw new UsageError($"{idle.Name} has no use here: it belongs to {_candidates.Name}");
        }
    }

    /// <summary>Ranks triples of a split in two steps; null where that is not asked for.</summary>
    /// <param name="context">The command's arguments.</param>
    /// <param name="flags">Loads the retriever.</param>
    /// <param name="model">The model.</param>
    /// <param name="split">The split.</param>
    /// <param name="shuffle">Draws triples.</param>
    /// <exception cref="UsageError">The model has no language model.</exception>
    public Report? Rank(CommandContext context, ModelFlags flags, FactModel model, GraphSplit split, Action<Triple[]> shuffle)
    {
        if (context.Get(_candidates) == 0)
        {
            return null;
        }

        if (!model.HasLanguageModel)
        {
            throw new UsageError($"{_candidates.Name} asks a language model; {model.Source} has none");
        }

        using FactModel? other = Retriever(context, flags, model.Graph);
        FactModel retriever = other ?? model;
        RerankedLinks links = Rerank(context, model, retriever, Drawn(split));
        Triple[] validation = split == GraphSplit.Validation ? [] : Drawn(GraphSplit.Validation);
        double? weight = validation.Length == 0 ? null : Rerank(context, model, retriever, validation).ChooseWeight();
        return ModelReport.Titled(model, string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Source}: links in two steps, {links.NumberOfCandidates:N0} entities retrieved by {retriever.ScorerName}"))
            .With("questions", links.QuestionCount).With("recall among those retrieved", links.Recall).With("misses", links.Misses)
            .With(weight is null ? "weight" : "weight of verdicts, chosen by validation triples",
                weight is { } chosen ? Text(chosen) : "not chosen, for want of validation triples")
            .With(new ReportTable(
                "ranks", ["weight of verdicts", "MRR", "Hits@1", "Hits@3", "Hits@10"],
                [.. new[] { 0, weight ?? 0, double.PositiveInfinity }.Distinct().Select(by => Row(links, by))]));

        Triple[] Drawn(GraphSplit from)
        {
            Triple[] all = model.Graph.Triples(from).ToArray();
            shuffle(all);
            return [.. all.Take(context.Get(_triples))];
        }
    }

    private static object?[] Row(RerankedLinks links, double weight)
    {
        LinkPredictionMetrics metrics = links.Metrics(weight);
        return [Text(weight), metrics.MeanReciprocalRank, metrics.HitsAt(1), metrics.HitsAt(3), metrics.HitsAt(10)];
    }

    private static string Text(double weight) => weight switch
    {
        0 => "0, the retriever alone",
        double.PositiveInfinity => "verdicts alone",
        _ => weight.ToString("0.####", CultureInfo.InvariantCulture),
    };

    private RerankedLinks Rerank(CommandContext context, FactModel model, FactModel retriever, Triple[] triples)
    {
        var options = new RerankingOptions
        {
            NumberOfCandidates = context.Get(_candidates),
            Score = RerankingScore.Verdict,
            BatchSize = VerdictsAtOnce,
        };
        using var progress = new RowProgress(context.Terminal, "questions", 2 * triples.Length);
        return new LinkReranker(model.Judge, options, progress).Rerank(
            retriever.Scorer, triples, new KnownTriples(model.Graph), retriever.Scorer.CanMask ? model.Mask : QueryMask.None,
            context.Interruption.Token);
    }

    private FactModel? Retriever(CommandContext context, ModelFlags flags, KnowledgeGraph graph)
    {
        string file = context.Get(_retriever);
        return file.Length == 0 ? null
            : !WeightFileName.IsWeights(file) ? flags.Load(context, file)
            : new FactModel(file, [context.NewMLContext().Transforms.ApplyPathModel(graph, file).Fit(graph.ToDataView())]);
    }
}

using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Asks a model, or a graph alone, whether a fact holds, and what was read in the graph to say so.</summary>
internal sealed class AskCommand : GmtCommand
{
    private const int FeaturesAtOnce = 32;

    private readonly Argument<string> _head = new("HEAD") { Description = "What the fact is about: an entity's name or label." };
    private readonly Argument<string> _relation = new("RELATION") { Description = "The relation's name or label." };
    private readonly Argument<string> _tail = new("TAIL") { Description = "What the relation leads to." };
    private readonly Option<string> _path = Flag.Text(
        "--model", "An ML.NET model (.zip), or a folder that finetune_gmt wrote.", form: "PATH");
    private readonly ModelFlags _model = new();
    private readonly Option<int> _edges = Flag.Integer(
        "--edges", "How many of the edges read are shown, the most attended first; of a path model, how many paths.",
        TripleJudge.DefaultEdges, least: 0, most: 1_000_000);
    private readonly Option<int> _newTokens = Flag.Integer(
        "--max_new_tokens", "Tokens of the answer in words at most; 0 for none.", GreedyOptions.DefaultMaxNewTokens,
        least: 0, most: 1_000_000);
    private readonly ReportFlags _report = new();

    /// <summary>Creates the command.</summary>
    public AskCommand() : base("ask", "Asks whether a fact holds: verdict, probability, and the edges of the graph that were read.")
    {
        Add(_head);
        Add(_relation);
        Add(_tail);
        Add("Model", [_path, .. _model.PathModel, .. _model.Parts]);
        Add("Answer", _edges, _newTokens);
        Add(_model.GraphFiles);
        Add("Output", _report.All);
    }

    /// <inheritdoc/>
    public override string Example =>
        "\"Sweden\" \"member of\" \"European Southern Observatory\" --model facts.zip\n"
        + "gmt ask \"Ball valve 3/4\\\" no. 103\" \"made of\" \"bronze\" --graph products.csv";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        using FactModel model = _model.LoadEither(context, context.Get(_path));
        var names = new GraphNames(model.Graph, context.Terminal);
        var triple = new Triple(names.Entity(context.Get(_head)), names.Relation(context.Get(_relation)), names.Entity(context.Get(_tail)));
        if (model.PathModel is { } paths)
        {
            _report.Write(context, Judge(context, paths, names, triple));
            return ExitCode.Success;
        }

        if (model.Embedding is not null)
        {
            _report.Write(context, Score(model, Titled(names, triple), triple));
            return ExitCode.Success;
        }

        TripleJudge judge = model.Judge;
        Verdict verdict = judge.Judge([triple])[0];
        Report report = Titled(names, triple)
            .With("verdict", verdict.IsTrue)
            .With("probability", verdict.Probability)
            .With("score", verdict.Score)
            .With("probability without the graph", judge.JudgeWithoutMemory([triple])[0].Probability)
            .With("stated in the graph", new KnownTriples(model.Graph, GraphSplit.Train).Contains(triple));
        if (context.Get(_newTokens) > 0)
        {
            report.With("in words", judge.Respond([triple], context.Get(_newTokens))[0]);
        }

        if (model.FeatureExplainer is { } explainer)
        {
            FeatureReasons reasons = explainer.Explain(judge, judge.Ask([triple]), FeaturesAtOnce)[0];
            report.With(new ReportTable(
                "features that moved the verdict", ["effect", "feature", "value"],
                [
                    .. reasons.Features.Select(feature => (IReadOnlyList<object?>)
                    [
                        feature.Effect, feature.Name, float.IsNaN(feature.Value) ? null : (double)feature.Value,
                    ]),
                ]));
            if (reasons.Paths.Count > 0)
            {
                report.With(new ReportTable(
                    "path models that moved the verdict", ["effect", "model", "weight", "path"],
                    [
                        .. reasons.Paths.SelectMany(reason => reason.Paths.Select(path =>
                            (IReadOnlyList<object?>)[reason.Effect, reason.Name, path.Weight, Path(names, path)])),
                    ]));
            }
        }

        report.With(new ReportTable(
            "edges read", ["attention", "edge"],
            [
                .. judge.Explain([triple], context.Get(_edges))[0]
                    .Select(edge => (IReadOnlyList<object?>)[(double)edge.Weight, names.Item(edge.Fact)]),
            ]));
        _report.Write(context, report);
        return ExitCode.Success;
    }

    // What a path model says: a verdict that the graph alone has calibrated, and how many entities it would rather have at either end.
    private Report Judge(CommandContext context, PathScoringTransformer model, GraphNames names, Triple triple)
    {
        int paths = context.Get(_edges);
        ScoreJudge judge = model.GetJudge();
        ScoreVerdict verdict = judge.Judge([triple], context.Interruption.Token)[0];
        float[] head = new float[1], tail = new float[1];
        model.Model.ScoreSides([triple], model.Mask, head, tail);
        TripleRanks ranks = EntityRanking.Rank(model.Scorer, [triple], new KnownTriples(model.Graph), model.Mask)[0];
        Report report = Titled(names, triple)
            .With("verdict", verdict.IsTrue)
            .With("probability", verdict.Probability)
            .With("calibration", $"{judge.CalibrationOf(triple.Relation)}")
            .With("weights", ModelReport.Weights(model))
            .With("log-softmax", verdict.Score)
            .With("score", (double)PathScorer.Mean(head[0], tail[0]))
            .With("score of the tail", (double)tail[0])
            .With("score of the head", (double)head[0])
            .With("rank of the tail", ranks.Tail.Realistic)
            .With("rank of the head", ranks.Head.Realistic)
            .With("entities", model.Graph.Entities.Count)
            .With("stated in the graph", new KnownTriples(model.Graph, GraphSplit.Train).Contains(triple));
        return paths == 0 ? report : report.With(new ReportTable(
            "paths to the tail", ["weight", "path"],
            [
                .. model.ExplainPaths(triple, RankSide.Tail, Math.Min(paths, PathScoringTransformer.MostPaths))
                    .Select(path => (IReadOnlyList<object?>)[path.Weight, Path(names, path)]),
            ]));
    }

    private static NamedPath Path(GraphNames names, ExplainedPath path) => new([.. path.Steps.Select(step => names.Item(step.Fact))]);

    private static Report Titled(GraphNames names, Triple triple)
    {
        NamedTriple item = names.Item(triple);
        return new Report($"{item}").About("head", item.Head).About("relation", item.Relation).About("tail", item.Tail);
    }

    // What an embedding can say: a score that nothing calibrates, and how many entities it would rather have at either end.
    private static Report Score(FactModel model, Report report, Triple triple)
    {
        float[] score = new float[1];
        model.Scorer.Score(new[] { triple }, model.Mask, score);
        TripleRanks ranks = EntityRanking.Rank(model.Scorer, [triple], new KnownTriples(model.Graph), model.Mask)[0];
        return report
            .With("model", model.ScorerName)
            .With("score", (double)score[0])
            .With("rank of the tail", ranks.Tail.Realistic)
            .With("rank of the head", ranks.Head.Realistic)
            .With("entities", model.Graph.Entities.Count)
            .With("stated in the graph", new KnownTriples(model.Graph, GraphSplit.Train).Contains(triple));
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;

namespace Examples.Demo;

/// <summary>From a graph in files to a saved model that judges facts, and the figures of every step on the test triples.</summary>
/// <remarks>
/// Labeled validation triples choose epochs and thresholds and teach verdicts; the test triples are for the tables only.
/// </remarks>
internal sealed class Demonstration
{
    private const int Seed = 42;

    private readonly MLContext _ml = new(Seed);
    private readonly KnowledgeGraph _graph;
    private readonly IDataView _labeled;
    private readonly IDataView _test;

    private Demonstration()
    {
        _graph = _ml.Data.LoadKnowledgeGraph(Folders.Data);
        (_labeled, _test) = (_graph.ToLabeledDataView(GraphSplit.Validation), _graph.ToLabeledDataView(GraphSplit.Test));
    }

    /// <summary>The figures so far.</summary>
    public Results Results { get; } = new();

    /// <summary>Where the model was saved.</summary>
    public string ModelPath { get; } = Path.Combine(Folders.Output, "facts.zip");

    /// <summary>A test triple that the model judged right, and one that it judged wrong, both with some certainty.</summary>
    public IReadOnlyList<Judged> Examples { get; private set; } = [];

    /// <summary>Runs it all.</summary>
    public static Demonstration Run()
    {
        var demo = new Demonstration();
        Console.WriteLine(
            $"CoDEx-S: {demo._graph.Entities.Count:n0} entities, {demo._graph.Relations.Count} relations, "
            + $"{demo._graph.Triples(GraphSplit.Train).Length:n0} training triples.");
        demo.Majority();
        using PathScoringTransformer paths = demo.NothingTrained();
        using KgeTransformer embedding = demo.Embedding();
        LinkQuestions.Print(embedding.Scorer, Seed);

        FeaturizeTriplesTransformer features = demo.Features(paths, embedding);
        SgmTransformer stage1 = demo.Stage1();
        demo.Stage2(stage1, features);
        return demo;
    }

    private void Majority() =>
        Add(() => new Result("majority of the relation", "valid").ByThresholds(_graph, triples => new float[triples.Length]));

    /// <summary>First verdicts and links, in seconds: a path model that never saw this graph.</summary>
    private PathScoringTransformer NothingTrained()
    {
        PathScoringTransformer paths = _ml.Transforms.ApplyPathModel(_graph).Fit(_labeled);
        Console.WriteLine($"\nNothing is trained: the path model {paths.Origin.FileName}, {paths.Origin}.");
        Result row = Add(() => new Result("path model", "none").ByProbability(JudgedBy(paths.GetJudge())).ByRanks(paths.Scorer));
        Console.WriteLine($"  {row.Accuracy:p1} of its verdicts are right, its links have an MRR of {row.Mrr:f3}.");
        return paths;
    }

    private KgeTransformer Embedding()
    {
        Console.WriteLine("\nComplEx, 256 complex numbers for each entity and relation ...");
        KgeTransformer? embedding = null;
        Add(() =>
        {
            embedding = _ml.Transforms.EmbedKnowledgeGraph(_graph).Fit(_graph.ToDataView());
            return new Result("ComplEx", "thresholds").ByThresholds(embedding.Scorer).ByRanks(embedding.Scorer);
        });
        return embedding!;
    }

    /// <summary>Named numbers of every triple: counts, rules, edge memory, and the scores of both models.</summary>
    private FeaturizeTriplesTransformer Features(PathScoringTransformer paths, KgeTransformer embedding)
    {
        FeaturizeTriplesTransformer features = _ml.Transforms.FeaturizeTriples("Features", _graph, new FeaturizeTriplesEstimator.Options
        {
            Scorers = [FeatureScorer.Of("Paths", (ITransformer)paths), FeatureScorer.Of("ComplEx", (ITransformer)embedding)],
        }).Fit(_labeled);
        Console.WriteLine(
            $"\nFeatures: {features.SlotNames.Count} numbers for each triple: counts, rules, edge memory, scores of the path model and "
            + "of ComplEx.");
        Add(() => new Result("edge memory", "thresholds").ByThresholds(features.EdgeMemory!));
        return features;
    }

    private SgmTransformer Stage1()
    {
        Console.WriteLine("\nStage 1: the Semantic Graph Module encodes the contexts of relations.");
        SgmTransformer? stage1 = null;
        Add(() =>
        {
            stage1 = _ml.Transforms.SgmPretrain(_graph, Settings.Stage1).Fit(_graph.ToDataView());
            return new Result("stage 1", "thresholds").ByThresholds(stage1.Scorer).ByRanks(stage1.Scorer);
        });
        return stage1!;
    }

    private void Stage2(SgmTransformer stage1, FeaturizeTriplesTransformer features)
    {
        Console.WriteLine("\nStage 2: a frozen LLaMA of 2.75 M parameters learns to read both as memory.");
        IDataView learned = features.Transform(stage1.Transform(_labeled));
        (GmtTransformer stage2, double training) = Effort.Of(() =>
            _ml.Transforms.GmtFinetune(Folders.BaseModel, Settings.Stage2).Fit(learned));
        using var model = new TransformerChain<GmtTransformer>(stage1, features, stage2);
        (Judged[] judged, double judging) = Effort.Of(() =>
            _ml.Data.CreateEnumerable<Judged>(model.Transform(_test), reuseRowObject: false).ToArray());
        Add(() => new Result("language model, memory zeroed", "valid").ByProbability(Blind(stage2.GetJudge(), judged)));
        Results.Add(new Result("GMT", "valid") { Seconds = training + judging }.ByProbability(judged));

        Results.PrintVerdicts(judged.Length);
        Judged[] certain = [.. judged.OrderByDescending(row => row.Certainty).Take(judged.Length * 4 / 5)];
        Console.WriteLine($"\n  Of the 80 % that GMT is most certain of, {certain.Average(row => row.IsRight ? 1.0 : 0):p1} are right.");
        Results.PrintLinks();
        Examples = [Drawn(judged, isRight: true), Drawn(judged, isRight: false)];
        _ml.Model.SaveAtomically(model, _labeled.Schema, ModelPath);
    }

    private Judged[] JudgedBy(ScoreJudge judge)
    {
        Triple[] triples = Figures.Labeled(_graph, GraphSplit.Test);
        int positives = _graph.Triples(GraphSplit.Test).Length;
        return [.. judge.Judge(triples).Select((verdict, i) => new Judged
        {
            Label = i < positives,
            Score = (float)verdict.LogOdds,
            Probability = (float)verdict.Probability,
            PredictedLabel = verdict.IsTrue,
        })];
    }

    private Judged[] Blind(TripleJudge judge, Judged[] judged)
    {
        IEnumerable<Verdict> verdicts =
            Figures.Labeled(_graph, GraphSplit.Test).Chunk(64).SelectMany(batch => judge.JudgeWithoutMemory(batch));
        return [.. judged.Zip(verdicts, (row, verdict) => new Judged
        {
            Label = row.Label,
            Score = (float)verdict.Score,
            Probability = (float)verdict.Probability,
            PredictedLabel = verdict.IsTrue,
        })];
    }

    /// <summary>Adds a row with the time that it takes.</summary>
    private Result Add(Func<Result> make)
    {
        (Result row, double seconds) = Effort.Of(make);
        return Results.Add(row with { Seconds = seconds });
    }

    /// <summary>One of the test triples that were judged right or wrong with a certainty of .8, drawn by the seed.</summary>
    private static Judged Drawn(Judged[] judged, bool isRight)
    {
        Judged[] some = [.. judged.Where(row => row.IsRight == isRight && row.Certainty > 0.8)];
        return some[new Random(Seed).Next(some.Length)];
    }
}

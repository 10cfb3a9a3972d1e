using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;

namespace Benchmarks.Defaults;

/// <summary>
/// What both stages learn with nothing set, without and with features of the graph as memory, beside LightGBM on stage 1's embeddings, on
/// the features, and the majority of the relation: on two catalogues, on CoDEx-S and on the graphs of the folders in
/// <c>GMT_DEFAULTS_DATA</c>; of these the ones whose names hold <c>GMT_DEFAULTS_ONLY</c>, with the seeds of <c>GMT_DEFAULTS_SEEDS</c>
/// (1,2,3). <c>GMT_DEFAULTS_MEMORY</c> is <c>contexts</c> or <c>features</c> for one of both. <c>GMT_DEFAULTS_GPU</c> is the number of the
/// GPU to compute on. In the folder <c>GMT_DEFAULTS_STATE</c> runs keep their states, and go on from them.
/// </summary>
internal sealed class DefaultsQuality : IBenchmark
{
    public string Verb => "defaults";

    public string What => "accuracy and AUC with nothing set, mean of 3 seeds, on test facts and as many typed negatives; hours";

    public bool IsLong => true;

    public void Run()
    {
        int[] seeds = Array.ConvertAll(
            Setting("GMT_DEFAULTS_SEEDS", "1,2,3").Split(','), text => int.Parse(text, CultureInfo.InvariantCulture));
        string only = Setting("GMT_DEFAULTS_ONLY", "");
        Console.WriteLine(
            "| graph | seed | test rows | majority | LightGBM on embeddings: accuracy, AUC | GMT | LightGBM on features "
            + "| GMT with features | stage 1, stage 2, with features |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, Func<MLContext, KnowledgeGraph> load) in Graphs())
        {
            if (!name.Contains(only, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            Figures[] runs = [.. seeds.Select(seed => Measure(name, load, seed))];
            Console.WriteLine(Row($"**{name}**", "mean", runs[0].Rows, Mean));
            double Mean(Func<Figures, double> of) => runs.Average(of);
        }
    }

    private static string Setting(string name, string otherwise) => Environment.GetEnvironmentVariable(name) ?? otherwise;

    private static TrainingCheckpointOptions? State(string run) => Setting("GMT_DEFAULTS_STATE", "") is { Length: > 0 } folder
        ? new TrainingCheckpointOptions { Path = Path.Combine(folder, $"{run}.training"), Resume = true }
        : null;

    private static int? Gpu() => Setting("GMT_DEFAULTS_GPU", "") is { Length: > 0 } number
        ? int.Parse(number, CultureInfo.InvariantCulture)
        : null;

    private static IEnumerable<(string Name, Func<MLContext, KnowledgeGraph> Load)> Graphs()
    {
        foreach (int count in new[] { 2_000, 20_000 })
        {
            yield return ($"catalogue, {count.ToString("N0", CultureInfo.InvariantCulture)} facts", _ => Machine.Catalogue(count));
        }

        foreach (string folder in Setting("GMT_DEFAULTS_DATA", "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return (Path.GetFileName(folder), ml => ml.Data.LoadKnowledgeGraph(folder));
        }

        yield return ("CoDEx-S", ml => ml.Data.LoadKnowledgeGraph(Machine.DataSet("codex-s")));
    }

    private static Figures Measure(string name, Func<MLContext, KnowledgeGraph> load, int seed)
    {
        var ml = new MLContext(seed) { GpuDeviceId = Gpu() };
        KnowledgeGraph graph = load(ml);
        graph = graph.Triples(GraphSplit.Test).IsEmpty ? graph.Split(seed: seed) : graph;
        IDataView train = graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1, seed: seed);
        IDataView test = graph.ToDataView(GraphSplit.Test, negativesPerPositive: 1, seed: seed);
        var clock = Stopwatch.StartNew();
        using SgmTransformer stage1 = ml.Transforms.SgmPretrain(graph, new SgmPretrainEstimator.Options
        {
            Training = new SgmTrainingOptions { Checkpoint = State($"{name} {seed} stage 1") },
        }).Fit(train);
        var figures = new Figures((int)test.GetRowCount()!.Value, Majority(train, test), clock.Elapsed.TotalSeconds);
        if (Setting("GMT_DEFAULTS_MEMORY", "contexts") == "contexts")
        {
            string run = $"{name} {seed} contexts";
            figures = figures with { Contexts = Measure(ml, stage1.Transform(train), stage1.Transform(test), null, run) };
        }

        if (Setting("GMT_DEFAULTS_MEMORY", "features") == "features")
        {
            using FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples("Features", graph).Fit(train);
            figures = figures with
            {
                Features = Measure(
                    ml, stage1.Transform(features.Transform(train)), stage1.Transform(features.Transform(test)), "Features",
                    $"{name} {seed} features"),
            };
        }

        Console.WriteLine(Row(name, $"{seed}", figures.Rows, of => of(figures)));
        return figures;
    }

    /// <summary>What trees and stage 2 learn from the same rows.</summary>
    private static Learned Measure(MLContext ml, IDataView train, IDataView test, string? features, string run)
    {
        var clock = Stopwatch.StartNew();
        BinaryClassificationMetrics byTrees = ml.BinaryClassification.Evaluate(Trees(ml, features).Fit(train).Transform(test));
        clock.Restart();
        using GmtTransformer stage2 = ml.Transforms.GmtFinetune(Machine.Model("tiny-llama"), new GmtFinetuneEstimator.Options
        {
            FeatureColumnName = features,
            Training = new GmtTrainingOptions { Checkpoint = State(run) },
        }).Fit(train);
        TimeSpan elapsed = clock.Elapsed;
        IDataView verdicts = ml.Data.Cache(stage2.Transform(test), "Label", "Score", "Probability", "PredictedLabel");
        BinaryClassificationMetrics byModel = ml.BinaryClassification.Evaluate(verdicts);
        return new Learned(
            byTrees.Accuracy, byTrees.AreaUnderRocCurve, byModel.Accuracy, byModel.AreaUnderRocCurve, elapsed.TotalSeconds);
    }

    private static IEstimator<ITransformer> Trees(MLContext ml, string? features) => features is null
        ? ml.Transforms.Categorical.OneHotEncoding("RelationFeatures", "Relation")
            .Append(ml.Transforms.Concatenate("Columns", "HeadEmbedding", "TailEmbedding", "RelationFeatures"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.BinaryClassification.Trainers.LightGbm(featureColumnName: "Columns"))
        : ml.BinaryClassification.Trainers.LightGbm(featureColumnName: features);

    /// <summary>The accuracy of the label that most training rows of the relation have.</summary>
    private static double Majority(IDataView train, IDataView test)
    {
        ILookup<string, bool> labels = train.GetColumn<string>("Relation").Zip(train.GetColumn<bool>("Label"))
            .ToLookup(row => row.First, row => row.Second);
        return test.GetColumn<string>("Relation").Zip(test.GetColumn<bool>("Label"))
            .Average(row => labels[row.First].Average(label => label ? 1.0 : 0) >= 0.5 == row.Second ? 1.0 : 0);
    }

    private static string Row(string name, string seed, int rows, Func<Func<Figures, double>, double> of)
    {
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {seed} | {rows:N0} | {of(run => run.Majority):f3} | {Cells(run => run.Contexts)} | {Cells(run => run.Features)} "
            + $"| {of(run => run.Stage1):f0} s, {of(run => run.Contexts.Seconds):f0} s, {of(run => run.Features.Seconds):f0} s |");

        string Cells(Func<Figures, Learned> model) => string.Create(
            CultureInfo.InvariantCulture,
            $"{of(run => model(run).TreeAccuracy):f3}, {of(run => model(run).TreeArea):f3} "
            + $"| {of(run => model(run).Accuracy):f3}, {of(run => model(run).Area):f3}");
    }

    /// <param name="TreeAccuracy">Of LightGBM.</param>
    /// <param name="TreeArea">Of LightGBM.</param>
    /// <param name="Accuracy">Of stage 2.</param>
    /// <param name="Area">Of stage 2.</param>
    /// <param name="Seconds">That stage 2 learned for.</param>
    private sealed record Learned(double TreeAccuracy, double TreeArea, double Accuracy, double Area, double Seconds)
    {
        public static Learned Nothing { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
    }

    /// <param name="Rows">That were judged.</param>
    /// <param name="Majority">The accuracy of the relation's majority.</param>
    /// <param name="Stage1">Seconds of stage 1.</param>
    private sealed record Figures(int Rows, double Majority, double Stage1)
    {
        public Learned Contexts { get; init; } = Learned.Nothing;

        public Learned Features { get; init; } = Learned.Nothing;
    }
}

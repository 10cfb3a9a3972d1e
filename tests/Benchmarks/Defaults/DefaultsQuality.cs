using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;

namespace Benchmarks.Defaults;

/// <summary>
/// What both stages learn with nothing set, beside LightGBM on stage 1's embeddings and the majority of the relation: on two catalogues, on
/// CoDEx-S and on the graphs of the folders in <c>GMT_DEFAULTS_DATA</c>; of these the ones whose names hold <c>GMT_DEFAULTS_ONLY</c>, with
/// the seeds of <c>GMT_DEFAULTS_SEEDS</c> (1,2,3). <c>GMT_DEFAULTS_GPU</c> is the number of the GPU to compute on.
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
        Console.WriteLine("| graph | seed | test rows | majority | LightGBM: accuracy, AUC | GMT: accuracy, AUC | stage 1, stage 2 |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
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
        using SgmTransformer stage1 = ml.Transforms.SgmPretrain(graph).Fit(train);
        TimeSpan first = clock.Elapsed;
        IDataView encoded = stage1.Transform(train), judged = stage1.Transform(test);

        var trees = ml.Transforms.Categorical.OneHotEncoding("RelationFeatures", "Relation")
            .Append(ml.Transforms.Concatenate("Features", "HeadEmbedding", "TailEmbedding", "RelationFeatures"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.BinaryClassification.Trainers.LightGbm());
        BinaryClassificationMetrics byTrees = ml.BinaryClassification.Evaluate(trees.Fit(encoded).Transform(judged));

        clock.Restart();
        using GmtTransformer stage2 = ml.Transforms.GmtFinetune(Machine.Model("tiny-llama")).Fit(encoded);
        TimeSpan second = clock.Elapsed;
        IDataView verdicts = ml.Data.Cache(stage2.Transform(judged), "Label", "Score", "Probability", "PredictedLabel");
        BinaryClassificationMetrics byModel = ml.BinaryClassification.Evaluate(verdicts);
        var figures = new Figures(
            (int)test.GetRowCount()!.Value, Majority(train, test), byTrees.Accuracy, byTrees.AreaUnderRocCurve, byModel.Accuracy,
            byModel.AreaUnderRocCurve, first.TotalSeconds, second.TotalSeconds);
        Console.WriteLine(Row(name, $"{seed}", figures.Rows, of => of(figures)));
        return figures;
    }

    /// <summary>The accuracy of the label that most training rows of the relation have.</summary>
    private static double Majority(IDataView train, IDataView test)
    {
        ILookup<string, bool> labels = train.GetColumn<string>("Relation").Zip(train.GetColumn<bool>("Label"))
            .ToLookup(row => row.First, row => row.Second);
        return test.GetColumn<string>("Relation").Zip(test.GetColumn<bool>("Label"))
            .Average(row => labels[row.First].Average(label => label ? 1.0 : 0) >= 0.5 == row.Second ? 1.0 : 0);
    }

    private static string Row(string name, string seed, int rows, Func<Func<Figures, double>, double> of) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {seed} | {rows:N0} | {of(run => run.Majority):f3} | {of(run => run.TreeAccuracy):f3}, {of(run => run.TreeArea):f3} "
        + $"| {of(run => run.Accuracy):f3}, {of(run => run.Area):f3} | {of(run => run.Stage1):f0} s, {of(run => run.Stage2):f0} s |");

    private sealed record Figures(
        int Rows, double Majority, double TreeAccuracy, double TreeArea, double Accuracy, double Area, double Stage1, double Stage2);
}

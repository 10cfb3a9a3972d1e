using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Benchmarks.Features;

/// <summary>
/// How well LightGBM with ML.NET's defaults tells true from false by features: on CoDEx-S learned from its labeled validation triples, on
/// catalogues from training and from validation facts with typed negatives. Of these the graphs whose names hold
/// <c>GMT_FEATURES_ONLY</c>, with the seeds of <c>GMT_FEATURES_SEEDS</c> (1,2,3).
/// </summary>
internal sealed class FeatureQuality : IBenchmark
{
    public string Verb => "feature-accuracy";

    public string What => "accuracy and AUC of LightGBM on features of triples, by groups of slots, mean of 3 seeds";

    public bool IsLong => true;

    public void Run()
    {
        Console.WriteLine("| graph | learned from | slots | rows | accuracy | AUC | CPU seconds |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        string only = Environment.GetEnvironmentVariable("GMT_FEATURES_ONLY") ?? "";
        if ("CoDEx-S".Contains(only, StringComparison.OrdinalIgnoreCase))
        {
            OnCodex();
        }

        foreach (int count in new[] { 2_000, 20_000 })
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"catalogue, {count:n0} facts");
            if (!name.Contains(only, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            KnowledgeGraph graph = Machine.Catalogue(count).Split(seed: 1);
            foreach (GraphSplit split in new[] { GraphSplit.Train, GraphSplit.Validation })
            {
                Measure(
                    name, $"{(split == GraphSplit.Train ? "training" : "validation")} facts and typed negatives", "all", graph,
                    seed => (graph.ToDataView(split, 1, seed: seed), graph.ToDataView(GraphSplit.Test, 1, seed: seed)), _ => true);
            }
        }
    }

    private static void OnCodex()
    {
        KnowledgeGraph graph = new MLContext(seed: 1).Data.LoadKnowledgeGraph(Machine.DataSet("codex-s"));
        IDataView valid = graph.ToLabeledDataView(GraphSplit.Validation), test = graph.ToLabeledDataView(GraphSplit.Test);
        Thresholds(graph);
        (string What, Func<string, bool> IsWanted)[] groups =
        [
            ("relation and ends", slot => slot.StartsWith("Relation.", StringComparison.Ordinal) || IsEnd(slot)),
            ("edge memory", slot => slot.StartsWith("EdgeMemory.", StringComparison.Ordinal)),
            ("all but edge memory", slot => !slot.StartsWith("EdgeMemory.", StringComparison.Ordinal)),
            ("all", _ => true),
        ];
        foreach ((string what, Func<string, bool> isWanted) in groups)
        {
            Measure("CoDEx-S", "labeled validation triples", what, graph, _ => (valid, test), isWanted);
        }

        FeatureScorer Embedding(MLContext ml) => FeatureScorer.Of("ComplEx", ml.Transforms.EmbedKnowledgeGraph(graph));
        WithScorers("12 columns of ComplEx", ml => [Embedding(ml)]);
        if (Machine.PretrainedModel("ultra") is { } folder)
        {
            FeatureScorer Paths(MLContext ml) =>
                FeatureScorer.Of("Paths", ml.Transforms.ApplyPathModel(graph, Path.Combine(folder, "ultra_3g.pth")));
            WithScorers("12 columns of ULTRA (3g)", ml => [Paths(ml)]);
            WithScorers("24 columns of ComplEx and ULTRA (3g)", ml => [Embedding(ml), Paths(ml)]);
        }

        void WithScorers(string what, Func<MLContext, IReadOnlyList<FeatureScorer>> scorers) => Measure(
            "CoDEx-S", "labeled validation triples", $"all and {what}", graph, _ => (valid, test), _ => true, scorers);
    }

    /// <summary>The edge memory alone, with a threshold for each relation.</summary>
    private static void Thresholds(KnowledgeGraph graph)
    {
        using FeaturizeTriplesTransformer features =
            new MLContext(seed: 1).Transforms.FeaturizeTriples("All", graph).Fit(graph.ToDataView());
        ScoredStatement[] Scored(GraphSplit split)
        {
            Triple[] triples = [.. graph.Triples(split), .. graph.Negatives(split)];
            float[] scores = new float[triples.Length];
            features.EdgeMemory!.Score(triples, QueryMask.Full, scores);
            int positives = graph.Triples(split).Length;
            return [.. triples.Select((triple, i) => new ScoredStatement(graph.Relations[triple.Relation], scores[i], i < positives))];
        }

        double accuracy = RelationThresholds.Fit(Scored(GraphSplit.Validation)).Accuracy(Scored(GraphSplit.Test));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| CoDEx-S | labeled validation triples | EdgeMemory.Sum by thresholds | 3,656 | {100 * accuracy:f1} | | |"));
    }

    private static bool IsEnd(string slot) => slot.Count(character => character == '.') == 1
        && (slot.StartsWith("Head.", StringComparison.Ordinal) || slot.StartsWith("Tail.", StringComparison.Ordinal));

    private static void Measure(
        string name, string from, string what, KnowledgeGraph graph, Func<int, (IDataView Train, IDataView Test)> data,
        Func<string, bool> isWanted, Func<MLContext, IReadOnlyList<FeatureScorer>>? scorers = null)
    {
        int[] seeds = Array.ConvertAll(
            (Environment.GetEnvironmentVariable("GMT_FEATURES_SEEDS") ?? "1,2,3").Split(','),
            text => int.Parse(text, CultureInfo.InvariantCulture));
        List<CalibratedBinaryClassificationMetrics> metrics = [];
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long rows = 0;
        foreach (int seed in seeds)
        {
            var ml = new MLContext(seed);
            (IDataView train, IDataView test) = data(seed);
            var options = new FeaturizeTriplesEstimator.Options { Scorers = scorers?.Invoke(ml) ?? [] };
            using FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples("All", graph, options).Fit(train);
            int[] slots = [.. features.SlotNames.Select((slot, i) => (slot, i)).Where(pair => isWanted(pair.slot)).Select(pair => pair.i)];
            IDataView learned = Rows(ml, features, train, slots), judged = Rows(ml, features, test, slots);
            var trees = ml.BinaryClassification.Trainers.LightGbm().Fit(learned);
            metrics.Add(ml.BinaryClassification.Evaluate(trees.Transform(judged)));
            rows = judged.GetRowCount() ?? 0;
        }

        process.Refresh();
        double[] accuracies = [.. metrics.Select(figures => figures.Accuracy)];
        double seconds = (process.TotalProcessorTime - before).TotalSeconds / metrics.Count;
        string each = string.Join(", ", accuracies.Select(one => string.Create(CultureInfo.InvariantCulture, $"{100 * one:f1}")));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {from} | {what} | {rows:n0} | {100 * accuracies.Average():f1} ({each}) | "
            + $"{100 * metrics.Average(figures => figures.AreaUnderRocCurve):f1} | {seconds:f1} |"));
    }

    private static IDataView Rows(MLContext ml, FeaturizeTriplesTransformer features, IDataView data, int[] slots)
    {
        IDataView all = features.Transform(data);
        bool[] labels = [.. all.GetColumn<bool>("Label")];
        Row[] rows = [.. all.GetColumn<float[]>("All").Select((values, i) => new Row
        {
            Label = labels[i],
            Features = Array.ConvertAll(slots, slot => values[slot]),
        })];
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, slots.Length);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}

using System.Diagnostics;
using System.Globalization;
using Examples.Catalogue;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;

namespace Benchmarks.Features;

/// <summary>
/// How well LightGBM with ML.NET's defaults tells true from false by features: on CoDEx-S learned from its labeled validation triples, on
/// catalogues from training and from validation facts with typed negatives. Three seeds.
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
        KnowledgeGraph codex = new MLContext(seed: 1).Data.LoadKnowledgeGraph(Machine.DataSet("codex-s"));
        IDataView valid = codex.ToLabeledDataView(GraphSplit.Validation), test = codex.ToLabeledDataView(GraphSplit.Test);
        foreach ((string what, Func<string, bool> isWanted) in new (string, Func<string, bool>)[]
        {
            ("relation and ends", slot => slot.StartsWith("Relation.", StringComparison.Ordinal) || IsEnd(slot)),
            ("edge memory", slot => slot.StartsWith("EdgeMemory.", StringComparison.Ordinal)),
            ("all but edge memory", slot => !slot.StartsWith("EdgeMemory.", StringComparison.Ordinal)),
            ("all", _ => true),
        })
        {
            Measure("CoDEx-S", "labeled validation triples", what, codex, _ => (valid, test), isWanted);
        }

        foreach (int count in new[] { 2_000, 20_000 })
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"catalogue, {count:n0} facts");
            KnowledgeGraph graph = Catalogue(count);
            foreach (GraphSplit split in new[] { GraphSplit.Train, GraphSplit.Validation })
            {
                Measure(
                    name, $"{(split == GraphSplit.Train ? "training" : "validation")} facts and typed negatives", "all", graph,
                    seed => (graph.ToDataView(split, 1, seed: seed), graph.ToDataView(GraphSplit.Test, 1, seed: seed)), _ => true);
            }
        }
    }

    private static bool IsEnd(string slot) => slot.Count(character => character == '.') == 1
        && (slot.StartsWith("Head.", StringComparison.Ordinal) || slot.StartsWith("Tail.", StringComparison.Ordinal));

    private static KnowledgeGraph Catalogue(int count)
    {
        var builder = new KnowledgeGraphBuilder();
        foreach (Fact fact in CatalogueGenerator.Generate(count, seed: 1))
        {
            builder.Add(fact.Head, fact.Relation, fact.Tail);
        }

        return builder.Build().Split(seed: 1);
    }

    private static void Measure(
        string name, string from, string what, KnowledgeGraph graph, Func<int, (IDataView Train, IDataView Test)> data,
        Func<string, bool> isWanted)
    {
        List<CalibratedBinaryClassificationMetrics> metrics = [];
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long rows = 0;
        foreach (int seed in new[] { 1, 2, 3 })
        {
            var ml = new MLContext(seed);
            (IDataView train, IDataView test) = data(seed);
            using FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples("All", graph).Fit(train);
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

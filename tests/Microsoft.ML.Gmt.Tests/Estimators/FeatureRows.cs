using Microsoft.ML.Transforms;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>A row that names a triple and has three numbers.</summary>
internal sealed class FeatureRow
{
    public string Head { get; set; } = "";

    public string Relation { get; set; } = "";

    public string Tail { get; set; } = "";

    public bool Label { get; set; }

    public float Noise { get; set; }

    public float Sales { get; set; }

    public float Age { get; set; }
}

/// <summary>Triples whose labels are drawn by a coin, so that neither graph nor words tell them: the column <c>Sales</c> does.</summary>
internal static class FeatureRows
{
    private static readonly MLContext Ml = new(seed: 1);

    public static FeatureRow[] Of(GraphSplit split, int seed)
    {
        var random = new CounterRandom((ulong)seed);
        return [.. Pipelines.Graph.Triples(split).ToArray().Select(triple =>
        {
            bool label = random.NextDouble() < 0.5;
            return new FeatureRow
            {
                Head = Pipelines.Graph.Entities[triple.Head],
                Relation = Pipelines.Graph.Relations[triple.Relation],
                Tail = Pipelines.Graph.Entities[triple.Tail],
                Label = label,
                Noise = (float)random.NextDouble(),
                Sales = (float)((label ? 900 : 5) * (0.5 + random.NextDouble())),
                Age = random.NextDouble() < 0.3 ? float.NaN : (float)random.NextDouble(),
            };
        })];
    }

    /// <summary>With the column <c>Features</c>.</summary>
    public static IDataView View(IEnumerable<FeatureRow> rows) => Concatenated(Ml.Data.LoadFromEnumerable(rows));

    public static IDataView Concatenated(IDataView rows) => Concatenation.Fit(rows).Transform(rows);

    public static ColumnConcatenatingEstimator Concatenation => Ml.Transforms.Concatenate("Features", "Noise", "Sales", "Age");
}

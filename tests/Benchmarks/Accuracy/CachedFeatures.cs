using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;

namespace Benchmarks.Accuracy;

/// <summary>Features of labeled triples, computed once and kept in a folder: those of the graph, and twelve of each scorer.</summary>
/// <param name="rows">The triples.</param>
/// <param name="folder">Where they are kept.</param>
internal sealed class CachedFeatures(LabeledRows rows, string folder)
{
    /// <summary>The slots that need no other model.</summary>
    public FeatureMatrix OfGraph() => Kept("graph", ml => Computed(
        ml, new FeaturizeTriplesEstimator.Options(), slot => true));

    /// <summary>The votes of the nearest entities by the vectors of their texts; null without the encoder.</summary>
    public FeatureMatrix? OfTexts() => Machine.PretrainedModel("all-minilm-l6-v2") is not { } encoder ? null : Kept("text", ml =>
    {
        KnowledgeGraph graph = rows.Graph;
        Named[] names = [.. Enumerable.Range(0, graph.Entities.Count).Select(entity => new Named { Text = TextOf(entity) })];
        IDataView texts = ml.Data.LoadFromEnumerable(names);
        IDataView embedded = ml.Transforms.Text.EmbedSentences("Vector", encoder, "Text").Fit(texts).Transform(texts);
        float[][] vectors = [.. embedded.GetColumn<float[]>("Vector")];
        return Computed(
            ml, new FeaturizeTriplesEstimator.Options { EntityVectors = vectors, EdgeMemory = false },
            slot => slot.Contains(".Text.", StringComparison.Ordinal));
    });

    /// <summary>Twelve slots of embeddings.</summary>
    public FeatureMatrix OfEmbedding(KgeModel model, int dimension, int? batchSize, int seed) => Kept(
        $"{model}-{dimension}{(batchSize is { } size ? $"-batch{size}" : "")}-seed{seed}".ToLowerInvariant(),
        ml => OfScorer(ml, FeatureScorer.Of("Embedding", ml.Transforms.EmbedKnowledgeGraph(rows.Graph, model, new KgeEstimator.Options
        {
            Training = new KgeTrainingOptions { EmbeddingDimension = dimension, BatchSize = batchSize, Seed = seed },
        }))));

    /// <summary>Twelve slots of a checkpoint of ULTRA; null where it is not to be had.</summary>
    public FeatureMatrix? OfCheckpoint(string name) => Machine.PretrainedModel("ultra") is not { } checkpoints ? null : Kept(
        name, ml => OfScorer(ml, FeatureScorer.Of(
            "Paths", ml.Transforms.ApplyPathModel(rows.Graph, Path.Combine(checkpoints, $"{name}.pth")))));

    /// <summary>Twelve slots of the path model in the package, which never saw CoDEx.</summary>
    public FeatureMatrix OfOwnPaths() => Kept(
        "own-paths", ml => OfScorer(ml, FeatureScorer.Of("Paths", ml.Transforms.ApplyPathModel(rows.Graph))));

    /// <summary>Slots that are kept under a name, or computed.</summary>
    public FeatureMatrix Kept(string name, Func<MLContext, FeatureMatrix> compute)
    {
        string file = Path.Combine(folder, rows.Name, $"{name}.features");
        if (File.Exists(file))
        {
            return FeatureMatrix.Load(file);
        }

        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        FeatureMatrix matrix = compute(new MLContext(seed: 1));
        process.Refresh();
        matrix = matrix with { Seconds = (process.TotalProcessorTime - before).TotalSeconds };
        matrix.Save(file);
        Console.Error.WriteLine($"{file}: {matrix.Slots.Length} slots, {matrix.Seconds:f0} CPU seconds");
        return matrix;
    }

    /// <summary>Twelve slots of a scorer.</summary>
    public FeatureMatrix OfScorer(MLContext ml, FeatureScorer scorer) => Computed(
        ml, new FeaturizeTriplesEstimator.Options { EdgeMemory = false, Scorers = [scorer] },
        slot => slot.StartsWith(scorer.Name + ".", StringComparison.Ordinal));

    private FeatureMatrix Computed(MLContext ml, FeaturizeTriplesEstimator.Options options, Func<string, bool> isWanted)
    {
        IReadOnlyList<IDataView> views = rows.Views();
        using FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples("Features", rows.Graph, options).Fit(views[0]);
        float[] values = [.. views.SelectMany(view => features.Transform(view).GetColumn<float[]>("Features")).SelectMany(row => row)];
        return new FeatureMatrix([.. features.SlotNames], values, 0).Where(isWanted);
    }

    private string TextOf(int entity) => rows.Graph.EntityDefinition(entity) is { Length: > 0 } definition
        ? $"{rows.Graph.EntityText(entity)}: {definition}"
        : rows.Graph.EntityText(entity);

    private sealed class Named
    {
        public string Text { get; set; } = "";
    }
}

using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML;

/// <summary>Extends <see cref="TransformsCatalog"/> by features of triples.</summary>
public static class FeaturizeTriplesCatalog
{
    /// <summary>Create <see cref="FeaturizeTriplesEstimator"/>, which turns triples into vectors of what a graph says of them.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column that is added: a vector of Single with slot names.</param>
    /// <param name="graph">The graph whose training triples features are read from.</param>
    /// <param name="headColumnName">The column of the head: text, or a key with text key values.</param>
    /// <param name="relationColumnName">The column of the relation: text, or a key with text key values.</param>
    /// <param name="tailColumnName">The column of the tail: text, or a key with text key values.</param>
    /// <example>
    /// Boosted trees on the graph's evidence, learned from labeled triples that the graph does not state:
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// var pipeline = ml.Transforms.FeaturizeTriples("Features", graph)
    ///     .Append(ml.BinaryClassification.Trainers.SdcaLogisticRegression());   // or LightGbm, FastTree
    /// ITransformer model = pipeline.Fit(graph.ToLabeledDataView(GraphSplit.Validation));
    /// var verdicts = ml.BinaryClassification.Evaluate(model.Transform(graph.ToLabeledDataView(GraphSplit.Test)));
    /// Console.WriteLine($"accuracy {verdicts.Accuracy:p1}");
    /// </code>
    /// </example>
    public static FeaturizeTriplesEstimator FeaturizeTriples(
        this TransformsCatalog catalog,
        string outputColumnName,
        KnowledgeGraph graph,
        string headColumnName = "Head",
        string relationColumnName = "Relation",
        string tailColumnName = "Tail") => catalog.FeaturizeTriples(outputColumnName, graph, new FeaturizeTriplesEstimator.Options
        {
            Columns = new TripleColumnNames { Head = headColumnName, Relation = relationColumnName, Tail = tailColumnName },
        });

    /// <summary>
    /// Create <see cref="FeaturizeTriplesEstimator"/>, which turns triples into vectors of what a graph says of them, with all its options.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column that is added: a vector of Single with slot names.</param>
    /// <param name="graph">The graph whose training triples features are read from.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two scorers have one name.</exception>
    /// <example>
    /// With votes of entities whose texts are alike:
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// IDataView texts = ml.Data.LoadFromEnumerable(
    ///     Enumerable.Range(0, graph.Entities.Count).Select(entity => new { Text = graph.EntityText(entity) }));
    /// var sentences = ml.Transforms.Text.EmbedSentences("Embedding", "models/all-MiniLM-L6-v2", "Text");
    /// float[][] vectors = [.. sentences.Fit(texts).Transform(texts).GetColumn&lt;float[]>("Embedding")];
    /// var features = ml.Transforms.FeaturizeTriples("Features", graph, new FeaturizeTriplesEstimator.Options { EntityVectors = vectors });
    /// </code>
    /// </example>
    public static FeaturizeTriplesEstimator FeaturizeTriples(
        this TransformsCatalog catalog, string outputColumnName, KnowledgeGraph graph, FeaturizeTriplesEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        return new FeaturizeTriplesEstimator(MlNetInternals.Environment(catalog), outputColumnName, graph, options);
    }
}

using Microsoft.ML.Gmt.Features;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt;

/// <summary>A fitted scorer of a <see cref="FeaturizeTriplesTransformer"/>, with the parts that were fitted without a fold.</summary>
/// <param name="Name">What its slots begin with.</param>
/// <param name="Whole">The scorer.</param>
/// <param name="Parts">The parts; empty for none.</param>
/// <param name="IsOwned">Whether the scorer is disposed with the features.</param>
internal sealed record FeatureScorerModel(string Name, ITransformer Whole, IReadOnlyList<ITransformer> Parts, bool IsOwned) : IDisposable
{
    /// <summary>What scores triples in a transformer, or in the one link of a chain that does.</summary>
    /// <exception cref="ArgumentException">Nothing does, or its graph has other names.</exception>
    public static ITripleScorer ScorerOf(string name, ITransformer transformer, KnowledgeGraph graph)
    {
        ITripleScorer scorer = Find(transformer) is { } scoring
            ? scoring.Scorer
            : throw new ArgumentException(
                $"The scorer '{name}' is a {transformer.GetType().Name}, which scores no triples. Give an estimator or a transformer of "
                + $"{nameof(ITripleScoringTransformer)}, such as {nameof(SgmPretrainEstimator)}.");
        return scorer.Graph.Entities.HasNamesOf(graph.Entities) && scorer.Graph.Relations.HasNamesOf(graph.Relations)
            ? scorer
            : throw new ArgumentException(
                $"The scorer '{name}' is of a graph with other names or another order of them ({scorer.Graph.Bounds}; the features' graph "
                + $"has {graph.Bounds}). Fit it on this graph, or on one with the same names.");
    }

    /// <summary>The path model that scores; null for a model of another kind.</summary>
    public PathScoringTransformer? PathModel => Find(Whole) as PathScoringTransformer;

    /// <summary>Whether a training run of this library was cancelled before it was done.</summary>
    public static bool IsCutShort(ITransformer transformer) =>
        Find(transformer) is KgeTransformer { TrainingResult.IsCancelled: true } or SgmTransformer { TrainingResult.IsCancelled: true };

    /// <summary>What features are computed with.</summary>
    public FoldedScorer For(KnowledgeGraph graph, TripleFolds folds) => new(
        Name, ScorerOf(Name, Whole, graph), [.. Parts.Select(part => ScorerOf(Name, part, graph))], folds);

    /// <summary>Disposes what is owned.</summary>
    public void Dispose()
    {
        if (IsOwned)
        {
            (Whole as IDisposable)?.Dispose();
        }

        foreach (ITransformer part in Parts)
        {
            (part as IDisposable)?.Dispose();
        }
    }

    private static ITripleScoringTransformer? Find(ITransformer transformer) =>
        TransformerParts.Of(transformer).OfType<ITripleScoringTransformer>().LastOrDefault();
}

using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt;

/// <summary>
/// A transformer that holds a model which scores triples: what <see cref="FeaturizeTriplesEstimator"/> makes features of, and what ranks.
/// </summary>
/// <example>
/// Any such model ranks the entities that complete a fact:
/// <code>
/// var ml = new MLContext(seed: 42);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// ITripleScoringTransformer model = ml.Transforms.SgmPretrain(graph, numberOfEpochs: 4).Fit(graph.ToDataView());
/// int sweden = graph.Entities.GetId("Q34"), memberOf = graph.Relations.GetId("P463");
/// foreach (ScoredTriple found in EntityRetrieval.Tails(model.Scorer, sweden, memberOf, count: 5))
/// {
///     Console.WriteLine($"{graph.TripleText(found.Triple)}: {found.Score:f3}");
/// }
/// </code>
/// </example>
public interface ITripleScoringTransformer : ITransformer
{
    /// <summary>The model's scores. It lives as long as the transformer.</summary>
    public ITripleScorer Scorer { get; }
}

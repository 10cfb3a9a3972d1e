using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt;

/// <summary>The path models whose scores are among the features of triples: what carried a score can be asked of them.</summary>
internal sealed class PathSource
{
    private readonly Dictionary<string, PathScoringTransformer> _models;

    private PathSource(Dictionary<string, PathScoringTransformer> models) => _models = models;

    /// <summary>What the slots of each model begin with.</summary>
    public IEnumerable<string> Names => _models.Keys;

    /// <summary>The path models among scorers; null where there are none.</summary>
    public static PathSource? Of(IEnumerable<FeatureScorerModel> scorers)
    {
        Dictionary<string, PathScoringTransformer> models = scorers.Where(scorer => scorer.PathModel is not null)
            .ToDictionary(scorer => scorer.Name, scorer => scorer.PathModel!, StringComparer.Ordinal);
        return models.Count == 0 ? null : new PathSource(models);
    }

    /// <summary>The paths that carried a model's score of a tail, by weight; the edges that state the triple are on none.</summary>
    /// <param name="name">The model.</param>
    /// <param name="query">The triple, and what is hidden beside it.</param>
    /// <param name="count">How many paths at most.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IReadOnlyList<ExplainedPath> Explain(string name, TripleQuery query, int count) =>
        _models[name].ExplainPaths(new PathAsk(query, AsksTail: true, Row: 0), QueryMask.Full, count);
}

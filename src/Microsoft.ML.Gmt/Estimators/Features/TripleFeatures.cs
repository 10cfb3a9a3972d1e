using Microsoft.ML.Gmt.Features;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt;

/// <summary>All that features are computed with: counts of the graph, edge memory, scorers.</summary>
internal sealed class TripleFeatures
{
    private readonly TripleFeaturizer _featurizer;
    private readonly ScoreFeatures[] _scores;

    private TripleFeatures(TripleFeaturizer featurizer, IRidgeInverse? edgeMemory, ScoreFeatures[] scores)
    {
        (_featurizer, EdgeMemory, _scores) = (featurizer, edgeMemory, scores);
        Width = featurizer.Slots.Count + (scores.Length * ScoreFeatures.Count);
    }

    /// <summary>How many slots there are.</summary>
    public int Width { get; }

    /// <summary>The edge memory; null where there is none.</summary>
    public IRidgeInverse? EdgeMemory { get; }

    /// <summary>The edges that features are read from.</summary>
    public SignedEdges Edges => _featurizer.Edges;

    /// <summary>Mines the rules and inverts the edge memory.</summary>
    /// <param name="edges">The graph's edges.</param>
    /// <param name="settings">Which features.</param>
    /// <param name="texts">The nearest entities by text; null for none.</param>
    /// <param name="scorers">The scorers.</param>
    /// <param name="say">Is told of every stage.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static TripleFeatures Make(
        SignedEdges edges, FeaturizeTriplesSettings settings, TextNeighbors? texts, IReadOnlyList<FoldedScorer> scorers, Action<string> say,
        CancellationToken cancellationToken)
    {
        say($"Features: rules are mined from {edges.TripleCount:N0} distinct training triples.");
        List<IFeatureGroup> groups = [.. TripleFeaturizer.CountGroups(edges, texts, cancellationToken)];
        IRidgeInverse? inverse = null;
        if (settings.HasEdgeMemory)
        {
            bool isDense = edges.EntityCount <= DenseRidgeInverse.MostEntities;
            say(isDense
                ? $"Features: the edge memory of {edges.EntityCount:N0} entities is inverted."
                : $"Features: the edge memory of {edges.EntityCount:N0} entities is solved by conjugate gradients when it is asked.");
            cancellationToken.ThrowIfCancellationRequested();
            inverse = isDense
                ? new DenseRidgeInverse(edges, settings.EdgeMemoryRegularization)
                : new SolvedRidgeInverse(edges, settings.EdgeMemoryRegularization);
            groups.Add(new EdgeMemoryFeatures(inverse));
        }

        return new TripleFeatures(
            new TripleFeaturizer(edges, groups), inverse, [.. scorers.Select(scorer => new ScoreFeatures(edges, scorer))]);
    }

    /// <summary>Computes the features of rows; NaN for those without a triple.</summary>
    /// <returns>[rows, slots]; and how many rows have no scores, because no scorer was fitted without them.</returns>
    public (float[] Values, int WithoutScores) Compute(ReadOnlySpan<TripleQuery?> rows, CancellationToken cancellationToken)
    {
        List<TripleQuery> queries = [];
        List<int> places = [];
        for (int row = 0; row < rows.Length; row++)
        {
            if (rows[row] is { } query)
            {
                queries.Add(query);
                places.Add(row);
            }
        }

        TripleQuery[] known = [.. queries];
        float[] computed = new float[known.Length * Width];
        _featurizer.Compute(known, computed, Width, cancellationToken);
        int without = 0;
        for (int i = 0; i < _scores.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            without = Math.Max(without, _scores[i].Compute(known, computed, Width, _featurizer.Slots.Count + (i * ScoreFeatures.Count)));
        }

        if (known.Length == rows.Length)
        {
            return (computed, without);
        }

        float[] values = new float[rows.Length * Width];
        Array.Fill(values, float.NaN);
        for (int i = 0; i < known.Length; i++)
        {
            computed.AsSpan(i * Width, Width).CopyTo(values.AsSpan(places[i] * Width));
        }

        return (values, without);
    }
}

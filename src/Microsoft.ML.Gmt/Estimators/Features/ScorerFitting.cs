using Microsoft.ML.Gmt.Features;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt;

/// <summary>Fits the scorers of features: on all training triples, and where they can't mask, on all but each fold.</summary>
/// <param name="graph">The graph of the features.</param>
/// <param name="columns">The names of the columns that rows are given with.</param>
/// <param name="folds">The folds.</param>
/// <param name="say">Is told of every stage.</param>
/// <param name="cancellationToken">Looked at before every fit.</param>
internal sealed class ScorerFitting(
    KnowledgeGraph graph, TripleColumnNames columns, TripleFolds folds, Action<string> say, CancellationToken cancellationToken)
{
    /// <summary>Fits a scorer, or takes one that is fitted.</summary>
    /// <param name="scorer">The scorer.</param>
    /// <param name="stated">The edges of the graph among the rows that features will be learned from.</param>
    /// <param name="others">The other rows.</param>
    /// <exception cref="ArgumentException">It scores no triples, or reads triples that are not of this graph.</exception>
    /// <exception cref="InvalidOperationException">It may have seen rows, and can't mask.</exception>
    public FeatureScorerModel Fit(FeatureScorer scorer, Triple[] stated, Triple[] others)
    {
        if (scorer.Transformer is { } fitted)
        {
            ITripleScorer own = FeatureScorerModel.ScorerOf(scorer.Name, fitted, graph);
            if (!own.CanMask && FirstSeen(own, stated, others) is { } seen)
            {
                throw new InvalidOperationException(
                    $"The scorer '{scorer.Name}' {(own.FittedOn is null ? "may have been" : "was")} fitted on rows of the data, such as "
                    + $"{graph.TripleText(seen)}, and can't mask them: its scores would tell true from false there and nowhere "
                    + "else. Give the estimator in its place (FeatureScorer.Of), which is then fitted without each of "
                    + $"{folds.Count} folds, or learn from rows that it was not fitted on, such as labeled validation triples.");
            }

            CheckEdges(scorer.Name, own);
            return new FeatureScorerModel(scorer.Name, fitted, [], IsOwned: false);
        }

        List<ITransformer> parts = [];
        ITransformer whole = FitOn(scorer, graph.TripleMemory(GraphSplit.Train), "all training triples");
        try
        {
            CheckEdges(scorer.Name, FeatureScorerModel.ScorerOf(scorer.Name, whole, graph));
            if (stated.Length > 0 && !FeatureScorerModel.ScorerOf(scorer.Name, whole, graph).CanMask)
            {
                for (int fold = 0; fold < folds.Count; fold++)
                {
                    parts.Add(FitPart(scorer, fold));
                }
            }

            return new FeatureScorerModel(scorer.Name, whole, parts, IsOwned: true);
        }
        catch
        {
            new FeatureScorerModel(scorer.Name, whole, parts, IsOwned: true).Dispose();
            throw;
        }
    }

    private static Triple? FirstSeen(ITripleScorer scorer, Triple[] stated, Triple[] others) =>
        stated.Where(triple => scorer.FittedOn?.Contains(triple) != false).Concat(
            others.Where(triple => scorer.FittedOn?.Contains(triple) == true)).Cast<Triple?>().FirstOrDefault();

    /// <summary>Features know the training edges of their graph and nothing else; so must a scorer that has a graph of its own.</summary>
    private void CheckEdges(string name, ITripleScorer scorer)
    {
        if (ReferenceEquals(scorer.Graph, graph))
        {
            return;
        }

        var known = new KnownTriples(graph, GraphSplit.Train);
        Triple[] more = Array.FindAll(scorer.Graph.Triples(GraphSplit.Train).ToArray(), triple => !known.Contains(triple));
        if (more.Length > 0)
        {
            throw new ArgumentException(
                $"The scorer '{name}' reads a graph with {more.Length:N0} training triples that the features' graph lacks, such as "
                + $"{graph.TripleText(more[0])}: where one of these is judged later, it would see the answer. Fit it on this graph.");
        }
    }

    private ITransformer FitPart(FeatureScorer scorer, int fold)
    {
        Triple[] train = graph.Triples(GraphSplit.Train).ToArray();
        Triple[] rest = Array.FindAll(train, triple => folds.Of(triple) != fold);
        if (rest.Length == 0)
        {
            throw new InvalidOperationException(
                $"Without fold {fold + 1} of {folds.Count} no training triple is left; the graph is too small to cross-fit a scorer.");
        }

        ITransformer part = FitOn(scorer, rest, $"all but fold {fold + 1} of {folds.Count}");
        try
        {
            KnownTriples? seen = FeatureScorerModel.ScorerOf(scorer.Name, part, graph).FittedOn;
            if (Array.Find(train, triple => folds.Of(triple) == fold && seen?.Contains(triple) != false) is var leaked
                && leaked != default)
            {
                throw new InvalidOperationException(
                    $"The scorer '{scorer.Name}' was to be fitted without {graph.TripleText(leaked)} and "
                    + $"{(seen is null ? "does not say on what it was fitted" : "was fitted on it")}: an estimator must learn from the "
                    + "rows it is given and tell them (ITripleScorer.FittedOn), or its scorer must mask.");
            }

            return part;
        }
        catch
        {
            (part as IDisposable)?.Dispose();
            throw;
        }
    }

    private ITransformer FitOn(FeatureScorer scorer, ReadOnlyMemory<Triple> triples, string what)
    {
        cancellationToken.ThrowIfCancellationRequested();
        say($"Features: the scorer '{scorer.Name}' is fitted on {what}, {triples.Length:N0} rows.");
        ITransformer fitted = scorer.Estimator!.Fit(new TripleDataView(new GivenTripleRows(graph, triples), columns));
        cancellationToken.ThrowIfCancellationRequested();
        if (FeatureScorerModel.IsCutShort(fitted))
        {
            (fitted as IDisposable)?.Dispose();
            throw new OperationCanceledException(
                $"The training run of the scorer '{scorer.Name}' was cancelled; features of a half-trained scorer are none.");
        }

        return fitted;
    }
}

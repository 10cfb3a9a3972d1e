using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Link prediction in two steps: any model retrieves, the language model scores what was retrieved.</summary>
/// <param name="judge">Asks the language model.</param>
/// <param name="options">How many candidates, and what is asked about them.</param>
/// <param name="progress">Receives how many questions were answered since it was last told; null for no progress reports.</param>
internal sealed class LinkReranker(TripleJudge judge, RerankingOptions options, IProgress<int>? progress = null)
{
    /// <summary>Retrieves candidates for both sides of triples and scores them.</summary>
    /// <param name="retriever">The first model, on the judge's graph.</param>
    /// <param name="triples">True triples.</param>
    /// <param name="filter">Known triples, whose entities are no candidates; null for none.</param>
    /// <param name="mask">What of each triple is hidden from the first model.</param>
    /// <param name="cancellationToken">Ends the work; looked at between batches.</param>
    /// <exception cref="ArgumentException">The models are of graphs with other entities or relations.</exception>
    /// <exception cref="NotSupportedException">Names are asked for, and the language model reads features of whole triples.</exception>
    public RerankedLinks Rerank(
        ITripleScorer retriever, Triple[] triples, KnownTriples? filter, QueryMask mask, CancellationToken cancellationToken)
    {
        options.Check();
        CheckSameGraph(retriever.Graph);
        if (options.Score == RerankingScore.Answer)
        {
            judge.CheckAnswers();
        }

        CandidateRetrieval found = CandidateRetrieval.Run(
            retriever, triples, options.NumberOfCandidates, filter, mask, cancellationToken);
        RerankedQuestion[] Side(RankSide side, RetrievedCandidates[] candidates)
        {
            List<double[]> scores = options.Score == RerankingScore.Answer
                ? Answers(triples, side, candidates, cancellationToken) : Verdicts(triples, side, candidates, cancellationToken);
            return
            [
                .. candidates.Select((retrieved, i) => new RerankedQuestion(
                    retrieved, scores[i], side == RankSide.Head ? found.Ranks[i].Head : found.Ranks[i].Tail)),
            ];
        }

        return new RerankedLinks(
            judge.Graph, triples, Side(RankSide.Head, found.Heads), Side(RankSide.Tail, found.Tails), options.NumberOfCandidates);
    }

    private List<double[]> Answers(
        Triple[] triples, RankSide side, RetrievedCandidates[] candidates, CancellationToken cancellationToken)
    {
        List<double[]> scores = [];
        foreach (int[] batch in Enumerable.Range(0, triples.Length).Chunk(options.BatchSize))
        {
            scores.AddRange(judge.ScoreAnswers(
                [.. batch.Select(i => options.Prompt.Ask(judge.Graph, triples[i], side))],
                [.. batch.Select(i => Array.ConvertAll(candidates[i].Entities, judge.Graph.EntityText))], cancellationToken));
            progress?.Report(batch.Length);
        }

        return scores;
    }

    private List<double[]> Verdicts(
        Triple[] triples, RankSide side, RetrievedCandidates[] candidates, CancellationToken cancellationToken)
    {
        List<double[]> scores = [];
        for (int i = 0; i < triples.Length; i++)
        {
            Triple truth = triples[i];
            double[] own =
            [
                .. candidates[i].Entities
                    .Select(entity => side == RankSide.Tail ? truth with { Tail = entity } : truth with { Head = entity })
                    .Chunk(options.BatchSize).SelectMany(batch => judge.Judge(
                        [.. judge.Ask(batch).Select(question => question with { Hidden = truth })], cancellationToken))
                    .Select(verdict => verdict.Score),
            ];
            scores.Add(own);
            progress?.Report(1);
        }

        return scores;
    }

    private void CheckSameGraph(KnowledgeGraph other)
    {
        if (!other.Entities.HasNamesOf(judge.Graph.Entities) || !other.Relations.HasNamesOf(judge.Graph.Relations))
        {
            throw new ArgumentException(
                $"The retriever's graph has {other.Bounds}, the language model's {judge.Graph.Bounds}, or other names: candidates would "
                + "be other entities. Make both on one graph.", nameof(other));
        }
    }
}

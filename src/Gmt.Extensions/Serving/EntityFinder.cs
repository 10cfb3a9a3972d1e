using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>Finds the entities that complete a fact, as <c>gmt rank</c> does: by scores, then the best of them by verdicts.</summary>
/// <param name="model">The model.</param>
/// <param name="candidates">How many of the best by score get a verdict at least.</param>
/// <param name="batchSize">How many share a forward pass.</param>
internal sealed class EntityFinder(ServedModel model, int candidates, int batchSize)
{
    /// <summary>Answers a question.</summary>
    public LinkRanking Find(LinkQuestion question, CancellationToken cancellationToken)
    {
        if (question.Head is null == question.Tail is null)
        {
            return new LinkRanking(question, [], null,
            [
                new NameProblem("head, tail", question.Head ?? "", "give the head to ask for tails, or the tail to ask for heads", []),
            ]);
        }

        bool asksTail = question.Tail is null;
        NameMatch stated = model.Graph.FindEntity((question.Head ?? question.Tail)!);
        NameMatch relation = model.Graph.FindRelation(question.Relation ?? "");
        if (NamedTriple.Problem((asksTail ? "head" : "tail", stated), ("relation", relation)) is { Count: > 0 } problems)
        {
            return new LinkRanking(question, [], null, problems);
        }

        ScoredTriple[] found = [.. Retrieve(question, asksTail, stated.Id, relation.Id, cancellationToken)];
        Judgment[] judgments = model.HasVerdicts ? Judge(found, cancellationToken) : [];
        Judgment? Of(int place) => model.HasVerdicts ? judgments[place] : null;
        int[] order = [.. Enumerable.Range(0, found.Length).OrderByDescending(i => Of(i)?.LogOdds).Take(question.Count)];
        return new LinkRanking(
            question, [.. order.Select((i, rank) => Answer(found[i], Of(i), asksTail, rank + 1))],
            model.HasVerdicts ? model.CalibrationOf(relation.Id, cancellationToken) : null, []);
    }

    private IReadOnlyList<ScoredTriple> Retrieve(
        LinkQuestion question, bool asksTail, int stated, int relation, CancellationToken cancellationToken)
    {
        HashSet<int> typed = [];
        if (question.OnlyTyped)
        {
            foreach (Triple triple in model.Graph.Triples(GraphSplit.Train))
            {
                if (triple.Relation == relation)
                {
                    typed.Add(asksTail ? triple.Tail : triple.Head);
                }
            }
        }

        bool IsWanted(Triple triple) => (!question.OnlyNew || !model.Known.Contains(triple))
            && (!question.OnlyTyped || typed.Contains(asksTail ? triple.Tail : triple.Head));
        int count = model.HasVerdicts ? Math.Max(question.Count, candidates) : question.Count;
        return asksTail
            ? EntityRetrieval.Tails(model.Scorer, stated, relation, count, IsWanted, model.RetrievalMask, cancellationToken)
            : EntityRetrieval.Heads(model.Scorer, relation, stated, count, IsWanted, model.RetrievalMask, cancellationToken);
    }

    private Judgment[] Judge(ScoredTriple[] found, CancellationToken cancellationToken)
    {
        List<Judgment> judgments = [];
        foreach (Triple[] batch in found.Select(candidate => candidate.Triple).Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            judgments.AddRange(model.Judge(batch, cancellationToken));
        }

        return [.. judgments];
    }

    private LinkAnswer Answer(ScoredTriple found, Judgment? judgment, bool asksTail, int rank)
    {
        int entity = asksTail ? found.Triple.Tail : found.Triple.Head;
        return new LinkAnswer(
            rank, model.Graph.Entities[entity], model.Graph.EntityText(entity), found.Score, judgment?.Probability,
            model.Known.Contains(found.Triple));
    }
}

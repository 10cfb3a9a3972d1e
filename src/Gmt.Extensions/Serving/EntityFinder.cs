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

        var asked = new EntityQuestion(asksTail, stated.Id, relation.Id) { OnlyNew = question.OnlyNew, OnlyTyped = question.OnlyTyped };
        int count = model.HasVerdicts ? Math.Max(question.Count, candidates) : question.Count;
        IReadOnlyList<ScoredTriple> found = asked.Best(model.Scorer, model.Known, count, model.RetrievalMask, cancellationToken);
        Judgment[] judgments = model.HasVerdicts ? Judge(found, cancellationToken) : [];
        Judgment? Of(int place) => model.HasVerdicts ? judgments[place] : null;
        int[] order = [.. Enumerable.Range(0, found.Count).OrderByDescending(i => Of(i)?.LogOdds).Take(question.Count)];
        return new LinkRanking(
            question, [.. order.Select((i, rank) => Answer(found[i], Of(i), asked.Asked(found[i].Triple), rank + 1))],
            model.HasVerdicts ? model.CalibrationOf(relation.Id, cancellationToken) : null, []);
    }

    private Judgment[] Judge(IReadOnlyList<ScoredTriple> found, CancellationToken cancellationToken)
    {
        List<Judgment> judgments = [];
        foreach (Triple[] batch in found.Select(candidate => candidate.Triple).Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            judgments.AddRange(model.Judge(batch, cancellationToken));
        }

        return [.. judgments];
    }

    private LinkAnswer Answer(ScoredTriple found, Judgment? judgment, int entity, int rank) => new(
        rank, model.Graph.Entities[entity], model.Graph.EntityText(entity), found.Score, judgment?.Probability,
        model.Known.Contains(found.Triple));
}

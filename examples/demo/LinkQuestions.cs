using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Examples.Demo;

/// <summary>Questions for a tail in words: one that stands in the README, and as many of the test triples as a seed draws.</summary>
internal static class LinkQuestions
{
    private const int Drawn = 20, Shown = 3;

    public static void Print(ITripleScorer scorer, int seed)
    {
        KnowledgeGraph graph = scorer.Graph;
        var known = new KnownTriples(graph);
        Triple readMe = graph.GetTriple("Sweden", "official language", "Swedish");
        Triple[] test = [.. graph.Triples(GraphSplit.Test)];
        new Random(seed).Shuffle(test);
        Console.WriteLine(
            $"\nQuestions to ComplEx: the best {Shown} of {graph.Entities.Count:n0} entities, then what the data say and its rank among\n"
            + $"all that is not known otherwise. The first stands in the README, {Drawn} test triples are drawn by a seed.\n");
        IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(scorer, [readMe, .. test[..Drawn]], known, QueryMask.None);
        foreach (TripleRanks ranked in ranks)
        {
            Triple triple = ranked.Triple;
            string[] best =
            [
                .. EntityRetrieval.Tails(scorer, triple.Head, triple.Relation, Shown).Select(found => graph.EntityText(found.Triple.Tail)),
            ];
            Console.WriteLine(
                $"  ({graph.EntityText(triple.Head)}, {graph.RelationText(triple.Relation)}, ?)  {string.Join(", ", best)}"
                + $"  [{graph.EntityText(triple.Tail)}: {ranked.Tail.Realistic:0.#}]");
        }
    }
}

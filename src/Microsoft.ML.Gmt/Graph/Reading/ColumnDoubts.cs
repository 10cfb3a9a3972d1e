namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Doubts about which column is which. Relations are few, occur often and are no entities; where that is not so, the columns may be in
/// another order, or the first line may be a header.
/// </summary>
internal static class ColumnDoubts
{
    /// <summary>A graph of fewer relations is too small to tell.</summary>
    private const int Few = 3;

    /// <summary>The doubts.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="isGuess">Whether the order of columns was guessed, so that these doubts concern the guess.</param>
    public static IEnumerable<GraphDoubt?> Of(KnowledgeGraph graph, bool isGuess = true)
    {
        (string hint, bool areEndsAlike) = Compare(graph);
        string[] both = [.. graph.Relations.Names.Where(name => graph.Entities.TryGetId(name, out _))];
        yield return GraphDoubt.Of($"names of both an entity and a relation{hint}", both, isGuess);
        int triples = Enum.GetValues<GraphSplit>().Sum(split => graph.Triples(split).Length + graph.Negatives(split).Length);
        bool areMany = graph.Relations.Count >= Few
            && (2 * graph.Relations.Count >= graph.Entities.Count || 2 * graph.Relations.Count > triples);

        // Where heads are tails elsewhere, the columns are right and the relations just many.
        yield return areMany
            ? GraphDoubt.Of(
                $"relations, nearly as many as entities or triples{hint}", graph.Relations.Names.ToArray(), isGuess && !areEndsAlike)
            : null;
        yield return FirstLine(graph, isGuess);
    }

    /// <summary>
    /// The columns whose names look like relations, where those read as relations don't; and whether heads and tails have names in common.
    /// </summary>
    private static (string Hint, bool AreEndsAlike) Compare(KnowledgeGraph graph)
    {
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        HashSet<string> heads = [.. triples.Select(triple => graph.Entities[triple.Head])],
            tails = [.. triples.Select(triple => graph.Entities[triple.Tail])];
        HashSet<string> relations = [.. triples.Select(triple => graph.Relations[triple.Relation])];
        string? columns = LooksLikeRelations(tails, heads, relations) ? "htr" : LooksLikeRelations(heads, tails, relations) ? "rht" : null;
        string hint = columns is null ? ""
            : $"; the columns may be '{columns}': set {nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Columns)}";
        return (hint, heads.Overlaps(tails));
    }

    private static bool LooksLikeRelations(HashSet<string> names, HashSet<string> entities, HashSet<string> relations) =>
        names.Count < relations.Count && names.Count < entities.Count && !names.Overlaps(entities) && !names.Overlaps(relations);

    /// <summary>A first line of names none of which occurs again, where relations do, may name the columns.</summary>
    private static GraphDoubt? FirstLine(KnowledgeGraph graph, bool isGuess)
    {
        if (graph.Triples(GraphSplit.Train) is not [var first, ..] || graph.Relations.Count < 2)
        {
            return null;
        }

        (int relation, int ends, int triples) = (0, 0, 0);
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            foreach (Triple triple in graph.Triples(split))
            {
                relation += triple.Relation == first.Relation ? 1 : 0;
                ends += triple.Head == first.Head || triple.Head == first.Tail || triple.Tail == first.Head || triple.Tail == first.Tail
                    ? 1 : 0;
                triples++;
            }
        }

        return relation == 1 && ends == 1 && first.Head != first.Tail && triples > Few * graph.Relations.Count
            ? new GraphDoubt(
                "none of the first triple's names occurs again: is it a header? "
                + $"Set {nameof(DelimitedOptions)}.{nameof(DelimitedFormat.HasHeader)}",
                1, [graph.TripleText(first)], isGuess)
            : null;
    }
}

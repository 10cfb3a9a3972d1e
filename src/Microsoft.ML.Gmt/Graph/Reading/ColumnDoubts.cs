namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Doubts about which column is which. Relations are few, occur often and are no entities; where that is not so, the columns may be in
/// another order, or the first line may be a header.
/// </summary>
internal static class ColumnDoubts
{
    /// <summary>A graph of fewer relations is too small to tell.</summary>
    private const int Few = 3;

    /// <summary>Doubts about the order of columns.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="wasGuessed">Whether it was guessed, so that these doubts concern a guess.</param>
    public static IEnumerable<GraphDoubt?> OfOrder(KnowledgeGraph graph, bool wasGuessed)
    {
        (string? columns, int like, bool areEndsAlike) = Compare(graph);
        string hint = columns is null ? ""
            : $"; the columns may be '{columns}': set {nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Columns)}";
        string[] both = [.. graph.Relations.Names.Where(name => graph.Entities.TryGetId(name, out _))];
        yield return GraphDoubt.Of($"names of both an entity and a relation{hint}", both, wasGuessed);
        int triples = Enum.GetValues<GraphSplit>().Sum(split => graph.Triples(split).Length + graph.Negatives(split).Length);
        int relations = graph.Relations.Count;
        bool areMany = relations >= Few && (2 * relations >= graph.Entities.Count || 2 * relations > triples);

        // Where heads are tails elsewhere, the columns are right and the relations just many.
        bool isGuess = wasGuessed && !areEndsAlike;
        string? what = areMany ? "relations, nearly as many as entities or triples"
            : columns is not null && relations >= Few * like && !areEndsAlike ? "relations, more than there are names in another column"
            : null;
        yield return what is null ? null : GraphDoubt.Of(what + hint, graph.Relations.Names.ToArray(), isGuess);
    }

    /// <summary>
    /// The columns whose names look like relations, where those read as relations don't, and how many such names there are; and whether
    /// heads and tails have names in common.
    /// </summary>
    private static (string? Columns, int Like, bool AreEndsAlike) Compare(KnowledgeGraph graph)
    {
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        HashSet<string> heads = [.. triples.Select(triple => graph.Entities[triple.Head])],
            tails = [.. triples.Select(triple => graph.Entities[triple.Tail])];
        HashSet<string> relations = [.. triples.Select(triple => graph.Relations[triple.Relation])];
        (string? columns, int like) = LooksLikeRelations(tails, heads, relations) ? ("htr", tails.Count)
            : LooksLikeRelations(heads, tails, relations) ? ("rht", heads.Count)
            : ((string?)null, 0);
        return (columns, like, heads.Overlaps(tails));
    }

    private static bool LooksLikeRelations(HashSet<string> names, HashSet<string> entities, HashSet<string> relations) =>
        names.Count < relations.Count && names.Count < entities.Count && !names.Overlaps(entities) && !names.Overlaps(relations);

    /// <summary>A first line of names none of which occurs again, where relations do, may name the columns.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="wasGuessed">Whether it was guessed that the line is a triple.</param>
    public static GraphDoubt? OfHeader(KnowledgeGraph graph, bool wasGuessed)
    {
        if (graph.Triples(GraphSplit.Train) is not [var first, ..] || graph.Relations.Count < 2 || first.Head == first.Tail)
        {
            return null;
        }

        int ends = 0;
        int[] uses = new int[graph.Relations.Count];
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            foreach (Triple triple in graph.Triples(split))
            {
                uses[triple.Relation]++;
                ends += triple.Head == first.Head || triple.Head == first.Tail || triple.Tail == first.Head || triple.Tail == first.Tail
                    ? 1 : 0;
            }
        }

        bool isAlone = uses[first.Relation] == 1 && ends == 1;
        bool doOthersRecur = uses.Sum() > Few * uses.Length
            || (uses.Sum() > Few && uses.Where((_, relation) => relation != first.Relation).All(count => count > 1));
        return isAlone && doOthersRecur
            ? new GraphDoubt(
                "none of the first triple's names occurs again: is it a header? "
                + $"Set {nameof(DelimitedOptions)}.{nameof(DelimitedFormat.HasHeader)}",
                1, [graph.TripleText(first)], wasGuessed)
            : null;
    }
}

using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>What a graph makes of the names of a fact.</summary>
/// <param name="Given">The names as they were given.</param>
/// <param name="Triple">Their ids; of no use where there are problems.</param>
/// <param name="Problems">Names that are unknown or ambiguous.</param>
internal sealed record NamedTriple(NamedFact Given, Triple Triple, IReadOnlyList<NameProblem> Problems)
{
    /// <summary>Looks the names up; one that is null, as JSON may have it, counts as empty, which is unknown.</summary>
    public static NamedTriple Find(KnowledgeGraph graph, NamedFact fact)
    {
        fact = new NamedFact(fact.Head ?? "", fact.Relation ?? "", fact.Tail ?? "");
        NameMatch head = graph.FindEntity(fact.Head), relation = graph.FindRelation(fact.Relation), tail = graph.FindEntity(fact.Tail);
        return new NamedTriple(
            fact, new Triple(head.Id, relation.Id, tail.Id), Problem(("head", head), ("relation", relation), ("tail", tail)));
    }

    /// <summary>The problems among names that were looked up.</summary>
    public static IReadOnlyList<NameProblem> Problem(params IEnumerable<(string Part, NameMatch Match)> names) =>
    [
        .. names.Where(name => !name.Match.IsFound).Select(name => new NameProblem(
            name.Part, name.Match.Written, $"{name.Match}", [.. name.Match.Suggestions, .. name.Match.Candidates])),
    ];
}

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>Graphs to test with: random ones, and small crafted files.</summary>
internal static class Graphs
{
    /// <summary>Few entities and relations and many triples, so that loops, duplicates, hubs and isolated entities all occur.</summary>
    public static Arbitrary<KnowledgeGraph> Arbitrary { get; } = Arb.From(
        from entities in Gen.Choose(1, 12)
        from relations in Gen.Choose(1, 4)
        from inverse in Gen.Elements(true, false)
        from parts in Gen.ArrayOf(Gen.ListOf(TripleOf(entities, relations)), 5)
        select Build(entities, relations, inverse, parts));

    /// <summary>A graph of uniformly random training triples, the same each time.</summary>
    public static KnowledgeGraph Random(int entities, int relations, int triples)
    {
        var random = new System.Random(triples);
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, entities).Select(id => $"e{id}"), Enumerable.Range(0, relations).Select(id => $"r{id}"));
        for (int i = 0; i < triples; i++)
        {
            builder.Add(new Triple(random.Next(entities), random.Next(relations), random.Next(entities)));
        }

        return builder.Build();
    }

    /// <summary>Four kinds of entities; a relation leads from one kind to another, so that kinds can be learned from edges.</summary>
    public static KnowledgeGraph Typed()
    {
        const int Kinds = 4, EntitiesPerKind = 12;
        var random = new CounterRandom(4);
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, Kinds * EntitiesPerKind).Select(id => $"e{id}"), Enumerable.Range(0, Kinds).Select(id => $"r{id}"));
        for (int i = 0; i < 400; i++)
        {
            int kind = random.Next(Kinds);
            var triple = new Triple(
                (kind * EntitiesPerKind) + random.Next(EntitiesPerKind), kind,
                ((kind + 1) % Kinds * EntitiesPerKind) + random.Next(EntitiesPerKind));
            builder.Add(triple, i % 8 == 0 ? GraphSplit.Validation : GraphSplit.Train);
        }

        return builder.Build();
    }

    /// <summary>An OpenKE folder of three entities and two relations that is as it should be.</summary>
    public static TemporaryFolder OpenKe() => new TemporaryFolder()
        .With("entity2id.txt", "3\nBern\t0\nZürich main station\t1\nBasel\t2\n")
        .With("relation2id.txt", "2\nnear\t0\nin\t1\n")
        .With("train2id.txt", "3\n0 1 0\n1 2 1\n2 2 0\n")
        .With("valid2id.txt", "1\n0 2 1\n")
        .With("test2id.txt", "1\n1 0 1\n")
        .With("valid_neg2id.txt", "1\n2 0 1\n")
        .With("entity2text.txt", "Bern\tcity of Bern\nBasel\tBâle\tBasle\n")
        .With("entity2definition.txt", "Bern\tcapital of Switzerland\n")
        .With("relation2text.txt", "in\tis in\n")
        .With("relation2definition.txt", "near\tnot far\n");

    /// <summary>All that a graph says, as text: two graphs are the same where this is.</summary>
    public static string Describe(KnowledgeGraph graph)
    {
        List<string> text = [$"inverse {graph.AddInverse}"];
        for (int entity = 0; entity < graph.Entities.Count; entity++)
        {
            text.Add($"e {entity} '{graph.Entities[entity]}' '{graph.EntityText(entity)}' '{graph.EntityDefinition(entity) ?? "(none)"}'");
        }

        for (int relation = 0; relation < graph.Relations.Count; relation++)
        {
            text.Add($"r {relation} '{graph.Relations[relation]}' '{graph.RelationText(relation)}' '{graph.RelationDefinition(relation) ?? "(none)"}'");
        }

        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            text.Add($"{split}: {string.Join(' ', graph.TripleMemory(split).ToArray())} not {string.Join(' ', graph.NegativeMemory(split).ToArray())}");
        }

        return string.Join('\n', text);
    }

    /// <summary>An entity's edges, in order.</summary>
    public static List<(int Relation, int Neighbor)> EdgesOf(KnowledgeGraph graph, int entity)
    {
        Adjacency adjacency = graph.Adjacency;
        (int start, int length) = adjacency.EdgesOf(entity).GetOffsetAndLength(adjacency.EdgeCount);
        return [.. Enumerable.Range(start, length).Select(edge => (graph.Adjacency.Relations[edge], graph.Adjacency.Neighbors[edge]))];
    }

    /// <summary>The edges that the method's definition gives, by lists.</summary>
    public static List<(int Relation, int Neighbor)>[] NaiveEdges(KnowledgeGraph graph)
    {
        var edges = new List<(int, int)>[graph.Entities.Count];
        for (int entity = 0; entity < edges.Length; entity++)
        {
            edges[entity] = [];
        }

        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            edges[triple.Head].Add((triple.Relation, triple.Tail));
            edges[triple.Tail].Add((graph.AddInverse ? triple.Relation + graph.Relations.Count : triple.Relation, triple.Head));
        }

        return edges;
    }

    private static Gen<Triple> TripleOf(int entities, int relations) =>
        from head in Gen.Choose(0, entities - 1)
        from relation in Gen.Choose(0, relations - 1)
        from tail in Gen.Choose(0, entities - 1)
        select new Triple(head, relation, tail);

    private static KnowledgeGraph Build(int entities, int relations, bool inverse, IReadOnlyList<Triple>[] parts)
    {
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, entities).Select(id => $"e{id}"), Enumerable.Range(0, relations).Select(id => $"r{id}"));
        builder.AddRange(parts[0].ToArray());
        builder.AddRange(parts[1].ToArray(), GraphSplit.Validation);
        builder.AddRange(parts[2].ToArray(), GraphSplit.Test);
        builder.AddRange(parts[3].ToArray(), GraphSplit.Validation, label: false);
        builder.AddRange(parts[4].ToArray(), GraphSplit.Test, label: false);
        builder.AddEntity("e0", "étoile 中 🌟", parts[0].Count % 2 == 0 ? null : "first\tof all\r\n");
        builder.AddRelation("r0", "is", "");
        return builder.Build(inverse);
    }
}

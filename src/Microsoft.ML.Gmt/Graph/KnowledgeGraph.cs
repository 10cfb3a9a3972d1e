using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// A knowledge graph: named entities and relations, triples in three splits, texts that say what the names mean. Immutable, so any number
/// of threads may use it.
/// </summary>
/// <remarks>
/// Only training triples become edges. No validation or test triple, and no labeled negative, ever enters <see cref="Adjacency"/>.
/// Read one with <see cref="KnowledgeGraphReader"/> or make one with <see cref="KnowledgeGraphBuilder"/>.
/// </remarks>
public sealed class KnowledgeGraph
{
    private readonly GraphContent _content;
    private readonly Lazy<Adjacency> _adjacency;

    internal KnowledgeGraph(GraphContent content, bool addInverse)
    {
        _content = content;
        AddInverse = addInverse;
        EntityIndex = new NameIndex("entity", content.Entities, content.EntityTexts);
        RelationIndex = new NameIndex("relation", content.Relations, content.RelationTexts);
        foreach (Triple[] triples in content.Triples.Concat(content.Negatives))
        {
            CheckTriples(triples);
        }

        _adjacency = new Lazy<Adjacency>(() => Adjacency.Build(Triples(GraphSplit.Train), Entities.Count, Relations.Count, AddInverse));
    }

    private KnowledgeGraph(KnowledgeGraph other, bool addInverse)
    {
        _content = other._content;
        (EntityIndex, RelationIndex) = (other.EntityIndex, other.RelationIndex);
        Division = other.Division;
        AddInverse = addInverse;
        _adjacency = new Lazy<Adjacency>(() => Adjacency.Build(Triples(GraphSplit.Train), Entities.Count, Relations.Count, AddInverse));
    }

    /// <summary>The names of the entities.</summary>
    public Vocabulary Entities => _content.Entities;

    /// <summary>The names of the relations, R of them, without inverses.</summary>
    public Vocabulary Relations => _content.Relations;

    /// <summary>Whether an edge from tail to head has relation r + R instead of r.</summary>
    public bool AddInverse { get; }

    /// <summary>How many relations edges may have: R, or 2 R with <see cref="AddInverse"/>.</summary>
    public int EdgeRelationCount => AddInverse ? 2 * Relations.Count : Relations.Count;

    /// <summary>The edges of the training triples; laid out on first use.</summary>
    internal Adjacency Adjacency => _adjacency.Value;

    internal GraphContent Content => _content;

    internal NameIndex EntityIndex { get; }

    internal NameIndex RelationIndex { get; }

    /// <summary>How <see cref="Split"/> made the splits; null where they came with the data.</summary>
    internal GraphDivision? Division { get; init; }

    internal GraphBounds Bounds => new(Entities.Count, Relations.Count);

    /// <summary>The true triples of a split, in the order of the file, duplicates included.</summary>
    /// <param name="split">Which split.</param>
    public ReadOnlySpan<Triple> Triples(GraphSplit split) => _content.Triples[(int)split];

    /// <summary>The triples of a split that are labeled false; empty where the data has none.</summary>
    /// <param name="split">Which split.</param>
    public ReadOnlySpan<Triple> Negatives(GraphSplit split) => _content.Negatives[(int)split];

    /// <summary><see cref="Triples"/> in a form that iterators and lambdas can hold.</summary>
    /// <param name="split">Which split.</param>
    public ReadOnlyMemory<Triple> TripleMemory(GraphSplit split) => _content.Triples[(int)split];

    /// <summary><see cref="Negatives"/> in a form that iterators and lambdas can hold.</summary>
    /// <param name="split">Which split.</param>
    public ReadOnlyMemory<Triple> NegativeMemory(GraphSplit split) => _content.Negatives[(int)split];

    /// <summary>What an entity is called in running text: its label, or its name where it has none.</summary>
    /// <param name="entity">Id of the entity.</param>
    public string EntityText(int entity) => _content.EntityTexts[entity] ?? Entities[entity];

    /// <summary>What a relation is called in running text: its label, or its name where it has none.</summary>
    /// <param name="relation">Id of the relation, without inverses.</param>
    public string RelationText(int relation) => _content.RelationTexts[relation] ?? Relations[relation];

    /// <summary>A triple as people read it: "(head, relation, tail)" by what each is called in running text.</summary>
    /// <param name="triple">A triple of this graph's ids.</param>
    public string TripleText(Triple triple) => $"({EntityText(triple.Head)}, {RelationText(triple.Relation)}, {EntityText(triple.Tail)})";

    /// <summary>A sentence that says what an entity is, or null where the data has none.</summary>
    /// <param name="entity">Id of the entity.</param>
    public string? EntityDefinition(int entity) => _content.EntityDefinitions[entity];

    /// <summary>A sentence that says what a relation means, or null where the data has none.</summary>
    /// <param name="relation">Id of the relation, without inverses.</param>
    public string? RelationDefinition(int relation) => _content.RelationDefinitions[relation];

    /// <summary>
    /// Looks an entity up by what people write: its name, else its label, else either of them but for Unicode's normal form, blanks and
    /// characters of no width, else in any case. The first of these by which something is found decides.
    /// </summary>
    /// <param name="name">The name as it was written.</param>
    /// <returns>The entity, or why there is none: nothing goes by that name, or several do.</returns>
    /// <example>
    /// <code>
    /// NameMatch found = graph.FindEntity("sweden ");
    /// Console.WriteLine(found);   // 'sweden ' is taken for the entity 'Q34'; case, and perhaps blanks, differ
    /// if (!found.IsFound)
    /// {
    ///     Console.WriteLine(string.Join(", ", found.Suggestions));
    /// }
    /// </code>
    /// </example>
    public NameMatch FindEntity(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new NameMatch(EntityIndex, name);
    }

    /// <summary>Looks a relation up as <see cref="FindEntity"/> does an entity.</summary>
    /// <inheritdoc cref="FindEntity"/>
    /// <returns>The relation, or why there is none: nothing goes by that name, or several do.</returns>
    public NameMatch FindRelation(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new NameMatch(RelationIndex, name);
    }

    /// <summary>The triple that names say, each looked up by <see cref="FindEntity"/> or <see cref="FindRelation"/>.</summary>
    /// <param name="head">What the fact is about.</param>
    /// <param name="relation">The relation.</param>
    /// <param name="tail">What the relation leads to.</param>
    /// <returns>The triple by ids, for <c>TripleJudge</c> and <c>ITripleScorer</c>; whether the graph states it or not.</returns>
    /// <exception cref="UnknownNameException">
    /// The graph lacks a name, or several go by it; the message has what may be meant, and so has <see cref="UnknownNameException.Match"/>.
    /// </exception>
    /// <example>
    /// <code>
    /// Triple question = graph.GetTriple("Sweden", "member of", "European Southern Observatory");
    /// Console.WriteLine(graph.TripleText(question));
    /// </code>
    /// </example>
    public Triple GetTriple(string head, string relation, string tail)
    {
        return new Triple(Known(FindEntity(head)), Known(FindRelation(relation)), Known(FindEntity(tail)));

        static int Known(NameMatch match) => match.IsFound ? match.Id : throw new UnknownNameException($"{match}", match);
    }

    /// <summary>The edges that are evidence of a triple: those of its head, then those of its tail.</summary>
    /// <param name="query">Any triple, stated in the graph or not, and what is hidden from it.</param>
    /// <param name="maskQuery">
    /// Whether to leave out the edges that state what is hidden; without it, a model learns that an edge which is there is true.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph.</exception>
    internal EvidenceEdges Evidence(TripleQuery query, bool maskQuery = true) => new(this, query, maskQuery);

    /// <summary>The same data with inverse relations on or off; this graph itself where it has them so already.</summary>
    /// <param name="addInverse">Whether edges from tail to head get relations of their own.</param>
    public KnowledgeGraph WithInverse(bool addInverse) => addInverse == AddInverse ? this : new KnowledgeGraph(this, addInverse);

    /// <summary>
    /// Divides the training triples into training, validation and test triples: for data that come as one file. Every entity and every
    /// relation of a triple that is held out has a training triple, as in PyKEEN's coverage-preserving split.
    /// </summary>
    /// <remarks>
    /// <para>The same triples, fractions and seed give the same splits. Ids, texts and the order within a split stay as they are. Copies
    /// of a triple stay together, so that none is trained on and judged by. Labeled negatives of the training split are divided by the same
    /// fractions, but for those of names without a training triple.</para>
    /// <para>A triple that is the only one of its head, its tail or its relation stays in training. Where that leaves too few, both
    /// splits get fewer than asked for, in proportion and at least one each: look at the number of <see cref="Triples"/>. A fact
    /// and its reverse, such as (a, part of, b) and (b, has part, a), may come apart.</para>
    /// </remarks>
    /// <param name="validationFraction">The share of the distinct triples for validation, from 0 (none) to below 1. Default 0.1.</param>
    /// <param name="testFraction">The share of the distinct triples for test, from 0 (none) to below 1. Default 0.1.</param>
    /// <param name="seed">The seed of the draws. Default 42.</param>
    /// <returns>A new graph; this one stays as it is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A fraction is not in its range, or both together are 1 or more.</exception>
    /// <exception cref="InvalidOperationException">
    /// The graph has triples of a split that is asked for already; or too few triples can be held out.
    /// </exception>
    /// <example>
    /// <code>
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("products.csv").Split(validationFraction: 0.1, testFraction: 0.1, seed: 42);
    /// Console.WriteLine($"{graph.Triples(GraphSplit.Train).Length} to learn from, {graph.Triples(GraphSplit.Test).Length} to judge by");
    /// </code>
    /// </example>
    public KnowledgeGraph Split(
        double validationFraction = GraphDivision.DefaultFraction, double testFraction = GraphDivision.DefaultFraction,
        int seed = RandomStreams.DefaultSeed)
    {
        var division = new GraphDivision(validationFraction, testFraction, seed);
        division.Check();
        return new KnowledgeGraph(CoveringSplit.Divide(this, division), AddInverse) { Division = division.HoldsOut ? division : Division };
    }

    /// <summary>How many entities, relations and triples it holds.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Entities.Count:n0} entities, {Relations.Count:n0} relations, {Triples(GraphSplit.Train).Length:n0} training, "
        + $"{Triples(GraphSplit.Validation).Length:n0} validation and {Triples(GraphSplit.Test).Length:n0} test triples");

    private void CheckTriples(ReadOnlySpan<Triple> triples)
    {
        GraphBounds bounds = Bounds;
        foreach (Triple triple in triples)
        {
            bounds.Check(triple, nameof(triples));
        }
    }
}

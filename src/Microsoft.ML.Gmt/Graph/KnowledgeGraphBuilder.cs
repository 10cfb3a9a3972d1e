namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Makes a <see cref="KnowledgeGraph"/> from names or ids that are already in memory. Not for use by several threads at once.
/// </summary>
/// <example>
/// <code>
/// var builder = new KnowledgeGraphBuilder();
/// builder.Add("Bern", "capital of", "Switzerland");
/// builder.Add("Zurich", "capital of", "Switzerland", GraphSplit.Test, label: false);
/// KnowledgeGraph graph = builder.Build();
/// </code>
/// </example>
public sealed class KnowledgeGraphBuilder
{
    private readonly NameTable _entities;
    private readonly NameTable _relations;
    private readonly List<Triple>[] _triples = NewLists();
    private readonly List<Triple>[] _negatives = NewLists();

    /// <summary>Creates a builder that gives names ids in the order in which they are first seen.</summary>
    public KnowledgeGraphBuilder()
        : this([], [])
    {
    }

    /// <summary>Creates a builder whose first ids are those of names known beforehand.</summary>
    /// <param name="entities">Names of entities 0, 1, 2 …</param>
    /// <param name="relations">Names of relations 0, 1, 2 …</param>
    /// <exception cref="ArgumentException">A name is null or occurs twice.</exception>
    public KnowledgeGraphBuilder(IEnumerable<string> entities, IEnumerable<string> relations)
    {
        ArgumentNullException.ThrowIfNull(entities);
        ArgumentNullException.ThrowIfNull(relations);
        _entities = new NameTable("entity", entities);
        _relations = new NameTable("relation", relations);
    }

    /// <summary>How many entities there are so far.</summary>
    public int EntityCount => _entities.Count;

    /// <summary>How many relations there are so far.</summary>
    public int RelationCount => _relations.Count;

    /// <summary>Adds an entity, or finds it where it is there already.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">What it is called in running text; null leaves it as it is.</param>
    /// <param name="definition">A sentence that says what it is; null leaves it as it is.</param>
    /// <returns>Its id.</returns>
    public int AddEntity(string name, string? text = null, string? definition = null) => _entities.Add(name, text, definition);

    /// <summary>Adds a relation, or finds it where it is there already.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">What it is called in running text; null leaves it as it is.</param>
    /// <param name="definition">A sentence that says what it means; null leaves it as it is.</param>
    /// <returns>Its id.</returns>
    public int AddRelation(string name, string? text = null, string? definition = null) => _relations.Add(name, text, definition);

    /// <summary>Adds a triple by names; unknown names get the next ids.</summary>
    /// <param name="head">Name of the head.</param>
    /// <param name="relation">Name of the relation.</param>
    /// <param name="tail">Name of the tail.</param>
    /// <param name="split">The split that it belongs to.</param>
    /// <param name="label">False for a labeled negative.</param>
    /// <returns>The triple by ids.</returns>
    public Triple Add(string head, string relation, string tail, GraphSplit split = GraphSplit.Train, bool label = true)
    {
        var triple = new Triple(_entities.Add(head), _relations.Add(relation), _entities.Add(tail));
        ListOf(split, label).Add(triple);
        return triple;
    }

    /// <inheritdoc cref="Add(string, string, string, GraphSplit, bool)"/>
    public Triple Add(
        ReadOnlySpan<char> head, ReadOnlySpan<char> relation, ReadOnlySpan<char> tail, GraphSplit split = GraphSplit.Train,
        bool label = true)
    {
        var triple = new Triple(_entities.Add(head), _relations.Add(relation), _entities.Add(tail));
        ListOf(split, label).Add(triple);
        return triple;
    }

    /// <summary>Adds a triple by ids.</summary>
    /// <param name="triple">Ids of entities and relations added before.</param>
    /// <param name="split">The split that it belongs to.</param>
    /// <param name="label">False for a labeled negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id was not added before.</exception>
    public void Add(Triple triple, GraphSplit split = GraphSplit.Train, bool label = true)
    {
        new GraphBounds(EntityCount, RelationCount).Check(triple, nameof(triple));
        ListOf(split, label).Add(triple);
    }

    /// <summary>Adds triples by ids.</summary>
    /// <inheritdoc cref="Add(Triple, GraphSplit, bool)" path="/exception"/>
    /// <param name="triples">Ids of entities and relations added before.</param>
    /// <param name="split">The split that they belong to.</param>
    /// <param name="label">False for labeled negatives.</param>
    public void AddRange(ReadOnlySpan<Triple> triples, GraphSplit split = GraphSplit.Train, bool label = true)
    {
        foreach (Triple triple in triples)
        {
            Add(triple, split, label);
        }
    }

    /// <summary>Makes the graph; the builder may be used further without touching it.</summary>
    /// <param name="addInverse">Whether edges from tail to head get relations of their own.</param>
    public KnowledgeGraph Build(bool addInverse = false) => new(
        new GraphContent(_entities.ToVocabulary(), _relations.ToVocabulary())
        {
            Triples = [.. _triples.Select(triples => triples.ToArray())],
            Negatives = [.. _negatives.Select(triples => triples.ToArray())],
            EntityTexts = _entities.Texts(),
            RelationTexts = _relations.Texts(),
            EntityDefinitions = _entities.Definitions(),
            RelationDefinitions = _relations.Definitions(),
        },
        addInverse);

    private static List<Triple>[] NewLists() => [.. Enumerable.Range(0, GraphContent.SplitCount).Select(_ => new List<Triple>())];

    private List<Triple> ListOf(GraphSplit split, bool label) => (label ? _triples : _negatives)[(int)split];
}

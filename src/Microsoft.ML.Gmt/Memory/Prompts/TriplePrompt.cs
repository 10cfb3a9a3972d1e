using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// How a triple of a graph is put into words, as a question whether it is true. Immutable; equal where all texts are equal; serializable as
/// JSON.
/// </summary>
/// <remarks>
/// <para>The texts may hold placeholders: <c>{head}</c>, <c>{relation}</c>, <c>{tail}</c> are what the graph calls them in running text,
/// <c>{head_name}</c>, <c>{relation_name}</c>, <c>{tail_name}</c> their names in the graph's vocabularies, <c>{head_definition}</c>,
/// <c>{relation_definition}</c>, <c>{tail_definition}</c> the sentences that define them, or the running text where the graph has none.
/// <c>{{</c> and
/// <c>}}</c> stand for braces.</para>
/// <para>The default is short, for each of its tokens is paid for in every row of a training run and in every verdict; the memory tells
/// the model more than the words of a task (docs/results/defaults.md).</para>
/// </remarks>
public sealed record TriplePrompt
{
    private static readonly string[] Placeholders =
    [
        "head", "relation", "tail", "head_name", "relation_name", "tail_name", "head_definition", "relation_definition", "tail_definition",
    ];

    /// <summary>The default words.</summary>
    public static TriplePrompt Default { get; } = new();

    /// <summary>
    /// The words of the reference's data for triple classification, for a base model or an adapter that was taught with them.
    /// </summary>
    public static TriplePrompt Reference { get; } = new()
    {
        Instruction = "Given a triple from a knowledge graph. Each triple consists of a head entity, a relation, and a tail entity. "
            + "Please determine the correctness of the triple and response True or False.",
        Input = "\nThe input triple: \n( {head}, {relation}, {tail} )\n",
    };

    /// <summary>What to do; <c>( {head}, {relation}, {tail} )</c>, a new line and <c>True or False?</c>.</summary>
    /// <exception cref="ArgumentException">The text has an unknown placeholder or a single brace.</exception>
    public string Instruction { get; init => field = Checked(value, nameof(Instruction)); } =
        "( {head}, {relation}, {tail} )\nTrue or False?";

    /// <summary>The triple in words, where the instruction does not have it; empty.</summary>
    /// <exception cref="ArgumentException">The text has an unknown placeholder or a single brace.</exception>
    public string Input { get; init => field = Checked(value, nameof(Input)); } = "";

    /// <summary>The answer where the triple is true.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public string TrueAnswer { get; init => field = Answer(value, nameof(TrueAnswer)); } = "True";

    /// <summary>The answer where the triple is false.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public string FalseAnswer { get; init => field = Answer(value, nameof(FalseAnswer)); } = "False";

    /// <summary>The question about a triple, with its answer where that is known.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="triple">A triple by the graph's ids; it need not be stated there.</param>
    /// <param name="label">Whether it is true; null for a question without an answer.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph.</exception>
    internal InstructionExample Ask(KnowledgeGraph graph, Triple triple, bool? label = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        graph.Bounds.Check(triple, nameof(triple));
        string Value(string placeholder) => ValueOf(graph, triple, placeholder);
        string output = label switch { true => TrueAnswer, false => FalseAnswer, null => "" };
        return new InstructionExample(TextPattern.Render(Instruction, Value), TextPattern.Render(Input, Value), output, triple);
    }

    /// <summary>The text of a placeholder.</summary>
    internal static string ValueOf(KnowledgeGraph graph, Triple triple, string placeholder) => placeholder switch
    {
        "head" => graph.EntityText(triple.Head),
        "relation" => graph.RelationText(triple.Relation),
        "tail" => graph.EntityText(triple.Tail),
        "head_name" => graph.Entities[triple.Head],
        "relation_name" => graph.Relations[triple.Relation],
        "tail_name" => graph.Entities[triple.Tail],
        "head_definition" => graph.EntityDefinition(triple.Head) ?? graph.EntityText(triple.Head),
        "relation_definition" => graph.RelationDefinition(triple.Relation) ?? graph.RelationText(triple.Relation),
        _ => graph.EntityDefinition(triple.Tail) ?? graph.EntityText(triple.Tail),
    };

    private static string Checked(string pattern, string property) => TextPattern.Checked(pattern, Placeholders, property);

    private static string Answer(string text, string property) =>
        string.IsNullOrEmpty(text)
            ? throw new ArgumentException("An answer must not be empty: there would be nothing to learn.", property)
            : text;
}

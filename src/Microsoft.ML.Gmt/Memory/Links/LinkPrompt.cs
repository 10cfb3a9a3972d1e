using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// How a fact with a missing end is put into words, as a question that a language model answers with a name. Immutable; equal where both
/// texts are.
/// </summary>
/// <remarks>
/// The texts may hold the placeholders of <see cref="TriplePrompt"/> for the relation and for the end that is given. The answer is what
/// the graph calls the missing entity in running text.
/// </remarks>
public sealed record LinkPrompt
{
    private static readonly string[] OfHead = ["head", "head_name", "head_definition"];
    private static readonly string[] OfTail = ["tail", "tail_name", "tail_definition"];
    private static readonly string[] OfRelation = ["relation", "relation_name", "relation_definition"];

    /// <summary>The default words.</summary>
    public static LinkPrompt Default { get; } = new();

    /// <summary>Asks for the tail; <c>( {head}, {relation}, ? )</c>, a new line and <c>Which tail?</c>.</summary>
    /// <exception cref="ArgumentException">The text has an unknown placeholder, one of the tail, or a single brace.</exception>
    public string TailInstruction
    {
        get;
        init => field = TextPattern.Checked(value, [.. OfHead, .. OfRelation], nameof(TailInstruction));
    } = "( {head}, {relation}, ? )\nWhich tail?";

    /// <summary>Asks for the head; <c>( ?, {relation}, {tail} )</c>, a new line and <c>Which head?</c>.</summary>
    /// <exception cref="ArgumentException">The text has an unknown placeholder, one of the head, or a single brace.</exception>
    public string HeadInstruction
    {
        get;
        init => field = TextPattern.Checked(value, [.. OfTail, .. OfRelation], nameof(HeadInstruction));
    } = "( ?, {relation}, {tail} )\nWhich head?";

    /// <summary>
    /// The question for one end of a triple, with the end that is given in the place of both: the evidence is that of the given end, and
    /// the edges that state the triple are hidden from it.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="triple">The true triple.</param>
    /// <param name="side">The end that is asked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph.</exception>
    internal InstructionExample Ask(KnowledgeGraph graph, Triple triple, RankSide side)
    {
        graph.Bounds.Check(triple, nameof(triple));
        (string pattern, int given, int answer) = side == RankSide.Tail
            ? (TailInstruction, triple.Head, triple.Tail) : (HeadInstruction, triple.Tail, triple.Head);
        string instruction = TextPattern.Render(pattern, placeholder => TriplePrompt.ValueOf(graph, triple, placeholder));
        return new InstructionExample(instruction, "", graph.EntityText(answer), new Triple(given, triple.Relation, given))
        {
            Hidden = triple,
        };
    }
}

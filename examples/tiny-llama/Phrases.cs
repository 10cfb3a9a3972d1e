using Microsoft.ML.Gmt.Graph;

namespace Examples.TinyLlama;

/// <summary>A triple in words.</summary>
internal readonly record struct SpokenTriple(string Head, string Relation, string Tail);

/// <summary>
/// How triples and definitions are put into words. Every name has a space before it, so that it is the same tokens everywhere.
/// </summary>
internal sealed class Phrases(KnowledgeGraph graph)
{
    public const string True = "True";
    public const string False = "False";

    public SpokenTriple Of(Triple triple) =>
        new(graph.EntityText(triple.Head), graph.RelationText(triple.Relation), graph.EntityText(triple.Tail));

    /// <summary>The fact as a tuple, which is how a question states it.</summary>
    public static string Tuple(SpokenTriple fact) => $"( {fact.Head}, {fact.Relation}, {fact.Tail} )";

    /// <summary>The fact from its tail, so that the model learns both directions.</summary>
    public static string Backward(SpokenTriple fact) => $"With {fact.Relation} {fact.Tail}: {fact.Head}.";

    /// <summary>The question for a verdict: GMT's instruction in Alpaca's template. The answer follows directly.</summary>
    public static string Question(SpokenTriple triple) =>
        "Below is an instruction that describes a task, paired with an input that provides further context. "
        + "Write a response that appropriately completes the request.\n\n### Instruction:\n"
        + "Given a triple from a knowledge graph. Each triple consists of a head entity, a relation, and a tail entity. "
        + "Please determine the correctness of the triple and response True or False."
        + $"\n\n### Input:\n\nThe input triple: \n{Tuple(triple)}\n\n\n### Response:\n";

    public IEnumerable<string> Definitions()
    {
        for (int entity = 0; entity < graph.Entities.Count; entity++)
        {
            if (graph.EntityDefinition(entity) is { } definition)
            {
                yield return $"About {graph.EntityText(entity)}: {definition}.";
            }
        }
    }
}

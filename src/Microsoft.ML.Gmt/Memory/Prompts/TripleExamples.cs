using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Makes questions with answers out of a graph's triples, to train and to judge with.</summary>
internal static class TripleExamples
{
    /// <summary>The labeled triples of a split: all true ones, then all that the data labels false.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="split">The split.</param>
    /// <param name="prompt">How triples are put into words; null for the default.</param>
    /// <returns>The examples, made as they are asked for.</returns>
    public static IEnumerable<InstructionExample> OfSplit(KnowledgeGraph graph, GraphSplit split, TriplePrompt? prompt = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Make(graph, graph.TripleMemory(split), label: true, prompt)
            .Concat(Make(graph, graph.NegativeMemory(split), label: false, prompt));
    }

    private static IEnumerable<InstructionExample> Make(
        KnowledgeGraph graph, ReadOnlyMemory<Triple> triples, bool label, TriplePrompt? prompt)
    {
        prompt ??= TriplePrompt.Default;
        for (int row = 0; row < triples.Length; row++)
        {
            yield return prompt.Ask(graph, triples.Span[row], label);
        }
    }
}

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

    /// <summary>True triples, each followed by corrupted ones that count as false.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="positives">The true triples, such as the graph's training triples.</param>
    /// <param name="negatives">Draws the corrupted ones.</param>
    /// <param name="negativesPerPositive">How many for each true one; 1.</param>
    /// <param name="epoch">Another number gives other negatives; 0.</param>
    /// <param name="prompt">How triples are put into words; null for the default.</param>
    /// <returns>The examples, made as they are asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    public static IEnumerable<InstructionExample> WithNegatives(
        KnowledgeGraph graph, ReadOnlyMemory<Triple> positives, NegativeSampler negatives, int negativesPerPositive = 1, long epoch = 0,
        TriplePrompt? prompt = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(negatives);
        Triple[] corrupted = negatives.SampleAll(positives, negativesPerPositive, epoch);
        return Enumerable.Range(0, positives.Length).SelectMany(row =>
            Make(graph, positives.Slice(row, 1), label: true, prompt)
                .Concat(Make(graph, corrupted.AsMemory(row * negativesPerPositive, negativesPerPositive), label: false, prompt)));
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

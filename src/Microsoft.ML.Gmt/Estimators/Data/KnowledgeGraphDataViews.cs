using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML;

/// <summary>The triples of a <see cref="KnowledgeGraph"/> as data views.</summary>
public static class KnowledgeGraphDataViews
{
    /// <summary>
    /// The triples of a split with negatives that are drawn: columns <c>Head</c>, <c>Relation</c>, <c>Tail</c> (text), <c>Label</c>
    /// (Boolean) and, with negatives, <c>ReplacedHead</c> and <c>ReplacedTail</c> (text).
    /// </summary>
    /// <remarks>
    /// Each true triple is followed by its negatives. They are drawn as rows are read, and are the same at every reading. No negative of a
    /// split is a triple that is known by then: training triples for the training split, those and the validation triples for validation,
    /// all for test. <c>ReplacedHead</c> or <c>ReplacedTail</c> names what a negative has not of the triple it was drawn from, so that the
    /// evidence of both is read without that triple (<see cref="TripleColumnNames.ReplacedHead"/>).
    /// </remarks>
    /// <param name="graph">The graph.</param>
    /// <param name="split">Which triples.</param>
    /// <param name="negativesPerPositive">How many negatives follow each true triple; 0 for none.</param>
    /// <param name="negativeSampling">Which entities stand in for heads and tails; by default those that stand there elsewhere, which are
    /// the hardest to tell apart.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <example>
    /// <code>
    /// // All training triples, each followed by one false one: data to learn verdicts from.
    /// IDataView train = graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);
    /// </code>
    /// </example>
    public static IDataView ToDataView(
        this KnowledgeGraph graph,
        GraphSplit split = GraphSplit.Train,
        int negativesPerPositive = 0,
        NegativeSampling negativeSampling = NegativeSampling.Typed,
        int seed = 42)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegative(negativesPerPositive);
        return new TripleDataView(SampledRows(
            graph, split, negativesPerPositive, negativeSampling, seed, () => KnownBy(graph, split)));
    }

    /// <summary>The triples that no negative of a split may be: those known by then.</summary>
    internal static KnownTriples KnownBy(KnowledgeGraph graph, GraphSplit split) =>
        new(graph, [.. Enum.GetValues<GraphSplit>().Where(other => other <= split)]);

    /// <summary>The rows of <see cref="ToDataView"/>; what is known (<see cref="KnownBy"/>) is asked for when the first is drawn.</summary>
    /// <remarks>Typed entities are those that the training triples of <paramref name="typedBy"/> have, a graph of the same ids.</remarks>
    internal static TripleRows SampledRows(
        KnowledgeGraph graph, GraphSplit split, int negativesPerPositive, NegativeSampling negativeSampling, int seed,
        Func<KnownTriples> known, KnowledgeGraph? typedBy = null) =>
        new SampledTripleRows(graph, split, negativesPerPositive, () => new NegativeSampler(
            typedBy ?? graph, negativeSampling, new RandomStreams(seed), known(), purpose: $"data-view-{split}"));

    /// <summary>
    /// The true triples of a split, then those that the data labels false: columns <c>Head</c>, <c>Relation</c>, <c>Tail</c> (text) and
    /// <c>Label</c> (Boolean).
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="split">Which triples.</param>
    /// <exception cref="InvalidOperationException">The split has no triples that are labeled false.</exception>
    /// <example>
    /// Judges the test triples, where <c>graph</c> is the graph of the model:
    /// <code>
    /// ITransformer model = ml.Model.Load("facts.zip", out _);
    /// var verdicts = ml.BinaryClassification.Evaluate(model.Transform(graph.ToLabeledDataView(GraphSplit.Test)));
    /// Console.WriteLine($"accuracy {verdicts.Accuracy:p1}");
    /// </code>
    /// </example>
    public static IDataView ToLabeledDataView(this KnowledgeGraph graph, GraphSplit split = GraphSplit.Test)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Negatives(split).Length > 0
            ? new TripleDataView(new LabeledTripleRows(graph, split))
            : throw new InvalidOperationException(
                $"The {split} split of this graph has no triples that are labeled false; {nameof(ToDataView)} with {nameof(ToDataView)}(negativesPerPositive: 1) draws some.");
    }

    /// <summary>
    /// Questions for the missing ends of a split's triples, with their answers, to teach a language model links: columns <c>Head</c>,
    /// <c>Relation</c>, <c>Tail</c>, <c>ReplacedHead</c>, <c>ReplacedTail</c>, <c>Instruction</c> and <c>Response</c> (text), and
    /// <c>Label</c> (Boolean, false).
    /// </summary>
    /// <remarks>
    /// Two rows for each triple. The end that is given stands in the places of both, so that the evidence is its own, and the one that is
    /// asked for in <c>ReplacedHead</c> or <c>ReplacedTail</c>, so that the triple's edges are hidden. They are for stage 2 alone: as
    /// triples they say nothing, and are labeled false so that stage 1 leaves them out. Train with
    /// <see cref="GmtTextOptions.AddEndOfSequence"/>: answers are compared with their ends.
    /// </remarks>
    /// <param name="graph">The graph.</param>
    /// <param name="split">Which triples.</param>
    /// <param name="prompt">The words; null for the default ones.</param>
    /// <example>
    /// Teaches a model to name missing ends, and lets it re-rank what ComplEx retrieves:
    /// <code>
    /// using KgeTransformer retriever = ml.Transforms.EmbedKnowledgeGraph(graph, KgeModel.ComplEx).Fit(graph.ToDataView());
    /// using SgmTransformer stage1 = ml.Transforms.SgmPretrain(graph).Fit(graph.ToDataView());
    /// using GmtTransformer model = ml.Transforms.GmtFinetune("models/tiny-llama", new GmtFinetuneEstimator.Options
    /// {
    ///     Instructions = new InstructionColumnNames(),
    ///     Text = new GmtTextOptions { AddEndOfSequence = true },
    /// }).Fit(stage1.Transform(graph.ToLinkQuestions()));
    /// RerankedLinks links = model.RerankEntities(graph.ToDataView(GraphSplit.Validation), retriever.Scorer);
    /// Console.WriteLine($"weight {links.ChooseWeight()}");
    /// </code>
    /// </example>
    public static IDataView ToLinkQuestions(
        this KnowledgeGraph graph, GraphSplit split = GraphSplit.Train, LinkPrompt? prompt = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return LinkQuestionRows.Of(graph, split, prompt ?? LinkPrompt.Default);
    }
}

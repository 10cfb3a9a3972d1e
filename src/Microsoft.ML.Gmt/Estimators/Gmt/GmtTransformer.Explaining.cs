using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

public sealed partial class GmtTransformer
{
    /// <summary>
    /// Judges rows and says by what, in numbers: the features that moved each verdict, the path models among them, and the edges that were
    /// read. The column <c>Explanation</c> has the same in words.
    /// </summary>
    /// <remarks>It costs a verdict for each feature and path model that is left out, of at most 16 features a row.</remarks>
    /// <param name="data">Rows that name triples, with the column of features where the model reads one.</param>
    /// <param name="numberOfFeatures">The most features for each row; 10.</param>
    /// <param name="numberOfEdges">The most edges for each row; 10.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>One for each row in their order, but for rows with names that the graph lacks, which are left out.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the data lack a column.</exception>
    /// <exception cref="UnknownNameException">A row has a name that the graph lacks, and the options make that an error.</exception>
    /// <exception cref="DirectoryNotFoundException">The base model was not found.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    /// <example>
    /// <code>
    /// using TransformerChain&lt;GmtTransformer> model = ml.Transforms.SgmPretrain(graph)
    ///     .Append(ml.Transforms.GmtFinetune("models/tiny-llama")).Fit(graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1));
    /// foreach (VerdictExplanation why in model.LastTransformer.ExplainVerdicts(graph.ToDataView(GraphSplit.Test)))
    /// {
    ///     Console.WriteLine($"{graph.TripleText(why.Triple)}: {why.Verdict.Probability:p0}, {why.Edges.Count} edges read");
    /// }
    /// </code>
    /// </example>
    public IReadOnlyList<VerdictExplanation> ExplainVerdicts(
        IDataView data, int numberOfFeatures = 10, int numberOfEdges = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfNegative(numberOfFeatures);
        ArgumentOutOfRangeException.ThrowIfNegative(numberOfEdges);
        using NativeLifetime.Use use = Lifetime.Begin();
        var unknown = new UnknownNames(Host, Settings.UnknownNameHandling, UnknownNames.LeftOut);
        InstructionExample[] questions = new QuestionReader(data.Schema, Settings).ReadQuestions(data, Graph, unknown);
        return Explain(
            _model.Binding.Get().Judge, questions, PathSourceAnnotation.Find(data.Schema), numberOfFeatures, numberOfEdges,
            cancellationToken);
    }

    /// <summary>The same of triples of the graph, without rows.</summary>
    /// <param name="triples">The triples.</param>
    /// <param name="featurizers">As for <see cref="GetJudge"/>.</param>
    /// <param name="numberOfFeatures">The most features for each triple; 10.</param>
    /// <param name="numberOfEdges">The most edges for each triple; 10.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>One for each triple, in their order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or a triple is not of the graph.</exception>
    /// <exception cref="NotSupportedException">The featurizers do not make what the model reads of names alone.</exception>
    /// <exception cref="DirectoryNotFoundException">The base model was not found.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IReadOnlyList<VerdictExplanation> ExplainVerdicts(
        IReadOnlyList<Triple> triples, IReadOnlyList<ITransformer>? featurizers = null, int numberOfFeatures = 10, int numberOfEdges = 10,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(triples);
        ArgumentOutOfRangeException.ThrowIfNegative(numberOfFeatures);
        ArgumentOutOfRangeException.ThrowIfNegative(numberOfEdges);
        using NativeLifetime.Use use = Lifetime.Begin();
        TripleJudge judge = GetJudge(featurizers);
        PathSource? paths = featurizers?.OfType<FeaturizeTriplesTransformer>().LastOrDefault()?.Paths;
        return Explain(judge, judge.Ask(triples), paths, numberOfFeatures, numberOfEdges, cancellationToken);
    }

    private List<VerdictExplanation> Explain(
        TripleJudge judge, InstructionExample[] questions, PathSource? paths, int numberOfFeatures, int numberOfEdges,
        CancellationToken cancellationToken)
    {
        var explainer = new FeatureExplainer(Settings, paths);
        List<VerdictExplanation> explanations = [];
        foreach (InstructionExample[] batch in questions.Chunk(Settings.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<Verdict> verdicts = judge.Judge(batch, cancellationToken);
            IReadOnlyList<FeatureReasons> reasons = explainer.Explain(
                judge, batch, Settings.BatchSize, numberOfFeatures, cancellationToken);
            IReadOnlyList<IReadOnlyList<EdgeReading>> edges = judge.Explain([.. batch.Select(row => row.Triple)], numberOfEdges);
            explanations.AddRange(batch.Select((row, i) =>
                new VerdictExplanation(row.Triple, verdicts[i], reasons[i].Features, reasons[i].Paths, edges[i])));
        }

        return explanations;
    }
}

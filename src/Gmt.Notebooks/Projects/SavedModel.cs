namespace Microsoft.ML.Gmt.Notebooks.Projects;

/// <summary>How a program asks a saved model: what its transformers are decides it.</summary>
/// <param name="Template">The template of <c>FactJudge.cs</c>.</param>
/// <param name="Graph">The expression that finds its graph among <c>parts</c>.</param>
/// <param name="Explains">Whether it has a column that says what it read.</param>
internal sealed record SavedModel(string Template, string Graph, bool Explains)
{
    private const string ByVerdicts = "verdicts.FactJudge.cs", ByPaths = "paths.FactJudge.cs";

    /// <summary>Looks at a model's file.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="NotSupportedException">It gives no verdicts, or has no graph.</exception>
    public static SavedModel Read(string file)
    {
        ITransformer model = new MLContext().Model.Load(file, out DataViewSchema schema);
        try
        {
            ITransformer[] parts = [.. TransformerParts.Of(model)];
            DataViewSchema columns = model.GetOutputSchema(schema);
            string? graph = GraphOf(parts);
            bool Has(string column) => columns.GetColumnOrNull(column) is not null;
            if (Has("PredictedLabel") && Has("Probability") && graph is not null)
            {
                return new SavedModel(ByVerdicts, graph, Has("Explanation"));
            }

            return parts is [PathScoringTransformer] ? new SavedModel(ByPaths, "", Explains: true) : throw new NotSupportedException(
                $"{file} gives no verdicts: its transformers are {string.Join(", ", parts.Select(part => part.GetType().Name))}. Save a "
                + "model with the columns PredictedLabel and Probability and a transformer of this library, or a path model.");
        }
        finally
        {
            (model as IDisposable)?.Dispose();
        }
    }

    private static string? GraphOf(ITransformer[] parts) =>
        parts.OfType<GmtTransformer>().Any() ? "parts.OfType<GmtTransformer>().Last().Graph"
        : parts.OfType<FeaturizeTriplesTransformer>().Any() ? "parts.OfType<FeaturizeTriplesTransformer>().Last().Graph"
        : parts.OfType<ITripleScoringTransformer>().Any() ? "parts.OfType<ITripleScoringTransformer>().Last().Scorer.Graph"
        : null;
}

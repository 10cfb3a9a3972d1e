using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Adds a column that says which verdicts are accepted, by a threshold that was selected before.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use [AcceptVerdicts](xref:Microsoft.ML.AcceptanceCatalog.AcceptVerdicts*).
///
/// ### Input and output columns
/// The predicted label is Boolean, the probability Single, as binary classifiers of ML.NET and `GmtTransformer` add them. The output,
/// `Accepted`, is Boolean: whether the probability of what was predicted is at least the selected threshold. A row whose probability is NaN
/// (no verdict) is never accepted.
///
/// ### Estimator characteristics
/// | | |
/// | --- | --- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Boolean and Single |
/// | Output column data type | Boolean |
/// | Required NuGet in addition to Microsoft.ML | Gmt.MLNet |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext();
/// ITransformer model = ml.Model.Load("facts.zip", out _);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// IDataView judged = model.Transform(graph.ToLabeledDataView(GraphSplit.Test));
/// AcceptanceEstimator accept = ml.Transforms.AcceptVerdicts(ml.BinaryClassification.SelectAcceptance(judged, maximumErrorRate: 0.1));
/// int accepted = accept.Fit(judged).Transform(judged).GetColumn&lt;bool>("Accepted").Count(isAccepted => isAccepted);
/// </code>
/// </example>
/// <seealso cref="AcceptanceCatalog"/>
/// <seealso cref="AcceptanceTransformer"/>
public sealed class AcceptanceEstimator : IEstimator<AcceptanceTransformer>
{
    private readonly IHost _host;
    private readonly AcceptanceSettings _settings;

    internal AcceptanceEstimator(IHostEnvironment environment, AcceptanceSettings settings)
    {
        _settings = settings.Checked();
        _host = environment.Register(nameof(AcceptanceEstimator));
    }

    /// <summary>Makes the transformer; no row is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has another type.</exception>
    public AcceptanceTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = VerdictRows.PredictedLabel(input.Schema, _settings.PredictedLabelColumnName);
        _ = VerdictRows.Probability(input.Schema, _settings.ProbabilityColumnName);
        return new AcceptanceTransformer(_host, _settings);
    }

    /// <summary>The schema of transformed data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        VerdictRows.CheckPredictedLabel(inputSchema, _settings.PredictedLabelColumnName);
        VerdictRows.CheckProbability(inputSchema, _settings.ProbabilityColumnName);
        return inputSchema.With([AcceptanceMapper.Column(_settings)]);
    }
}

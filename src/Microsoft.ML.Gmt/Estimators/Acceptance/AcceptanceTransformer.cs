using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Says of verdicts which are accepted.</summary>
/// <remarks>
/// Made by <see cref="AcceptanceEstimator"/>, or loaded by <c>ml.Model.Load</c>, which keeps threshold, error rate and confidence. What the
/// guarantee holds for: docs/acceptance.md. On threads and disposal see <see cref="BatchedTransformer"/>; it holds no native memory.
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext();
/// ITransformer model = ml.Model.Load("facts.zip", out _);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// IDataView judged = model.Transform(graph.ToLabeledDataView(GraphSplit.Test));
/// AcceptanceSelection selection = ml.BinaryClassification.SelectAcceptance(judged, maximumErrorRate: 0.1);
/// AcceptanceTransformer accept = ml.Transforms.AcceptVerdicts(selection).Fit(judged);
/// Console.WriteLine($"accepted from certainty {accept.Threshold:f3} on; {accept.MaximumErrorRate:p0} of them may be wrong");
/// </code>
/// </example>
public sealed class AcceptanceTransformer : BatchedTransformer
{
    internal const string LoaderSignature = "GmtAcceptTransform";

    internal static readonly ModelFormat Format = new(
        Signature: "GMT ACPT",
        LoaderSignature,
        // 0x00010002: initial, with manifest.txt
        Version: ModelFormat.WithManifest,
        ReadableFrom: ModelFormat.WithManifest);

    private const int RowsAtOnce = 64;

    internal AcceptanceTransformer(IHostEnvironment environment, AcceptanceSettings settings)
        : base(environment, nameof(AcceptanceTransformer), RowsAtOnce) => Settings = settings;

    /// <summary>The least certainty that is accepted; null where nothing is.</summary>
    public double? Threshold => Settings.Threshold;

    /// <summary>The largest share of wrong verdicts among accepted ones that the threshold was selected for.</summary>
    public double MaximumErrorRate => Settings.MaximumErrorRate;

    /// <summary>The confidence that the threshold was selected for.</summary>
    public double Confidence => Settings.Confidence;

    internal AcceptanceSettings Settings { get; }

    internal static AcceptanceTransformer Load(IHostEnvironment environment, ModelEntries entries)
    {
        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: AcceptanceSettings
        // manifest.txt: sizes and hashes of these files
        return new(environment, ModelFiles.ReadConfig<AcceptanceSettings>(entries, settings => settings.Checked()));
    }

    private protected override BatchMapper NewMapper(DataViewSchema inputSchema) => new AcceptanceMapper(this, inputSchema);

    private protected override void Save(ModelSaveContext context)
    {
        var entries = new ModelEntryWriter(context, Format);

        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: AcceptanceSettings
        // manifest.txt: sizes and hashes of these files
        ModelFiles.WriteConfig(entries, Settings);
        entries.Finish();
    }

    private protected override void Free()
    {
    }
}

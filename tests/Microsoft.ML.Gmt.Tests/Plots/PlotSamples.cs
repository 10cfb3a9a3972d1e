using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Plots;

/// <summary>What small runs of both stages and of a path model give to be plotted, and each plot of it.</summary>
internal sealed class PlotSamples
{
    private static readonly Lazy<PlotSamples> Once = new(() => new PlotSamples());

    private PlotSamples()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        var ml = new MLContext(seed: 1);
        using SgmTransformer stage1 = Pipelines.Fit();
        History = stage1.History;
        Metrics = ml.Ranking.EvaluateLinkPrediction(stage1.RankEntities(Graph.ToDataView(GraphSplit.Test)));
        IDataView scored = stage1.Transform(Graph.ToLabeledDataView(GraphSplit.Test));
        Curves = ml.BinaryClassification.EvaluateCurves(scored);
        Calibration = ml.BinaryClassification.EvaluateCalibration(scored);

        FeatureRow[] rows = FeatureRows.Of(GraphSplit.Validation, seed: 3);
        using TransformerChain<GmtTransformer> stage2 = GmtPipelines.Fit(
            GmtPipelines.Quick with { FeatureColumnName = "Features" }, FeatureRows.View(rows));
        Explanation = stage2.LastTransformer.ExplainVerdicts(FeatureRows.View(rows.Take(1)))[0];

        using PathScoringTransformer paths = ml.Transforms.ApplyPathModel(Graph).Fit(Graph.ToDataView());
        Paths = paths.ExplainPaths(Graph.GetTriple("person 4", "speaks", "language of France"));
    }

    public static KnowledgeGraph Graph => Pipelines.Graph;

    public static IReadOnlyDictionary<string, Func<PlotTheme, GmtPlot>> Plots { get; } = new Dictionary<string, Func<PlotTheme, GmtPlot>>
    {
        ["learning curves"] = theme => Once.Value.History.PlotLearningCurves("Validation MRR", theme),
        ["reliability"] = theme => Once.Value.Calibration.PlotReliability(theme),
        ["ROC"] = theme => Once.Value.Curves.PlotRoc(theme),
        ["precision–recall"] = theme => Once.Value.Curves.PlotPrecisionRecall(theme),
        ["ranks"] = theme => Once.Value.Metrics.PlotRanks(theme: theme),
        ["hits by relation"] = theme => Once.Value.Metrics.PlotHitsByRelation(theme: theme),
        ["attention"] = theme => Once.Value.Explanation.PlotAttention(Graph, theme),
        ["features"] = theme => Once.Value.Explanation.PlotFeatures(Graph, theme),
        ["paths"] = theme => Once.Value.Paths.PlotPaths(Graph, theme),
        ["degrees"] = theme => Graph.PlotDegrees(theme),
    };

    public TrainingHistory History { get; }

    public LinkPredictionMetrics Metrics { get; }

    public ScoreCurves Curves { get; }

    public CalibrationMetrics Calibration { get; }

    public VerdictExplanation Explanation { get; }

    public IReadOnlyList<ExplainedPath> Paths { get; }

    public static PlotSamples Get() => Once.Value;
}

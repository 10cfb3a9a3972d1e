#:project ../../src/Gmt.Plots/Gmt.Plots.csproj
#:package libtorch-cpu-linux-x64
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

// Draws the pictures of docs/plots.md from CoDEx-S: dotnet run draw.cs, in this folder. Nothing is trained.
using Microsoft.ML;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Plots;

var ml = new MLContext(seed: 42);
KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("../../examples/data/codex-s");
using PathScoringTransformer paths = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
LinkPredictionMetrics links = ml.Ranking.EvaluateLinkPrediction(paths.RankEntities(graph.ToDataView(GraphSplit.Test)));
ScoreCurves curves = ml.BinaryClassification.EvaluateCurves(paths.Transform(graph.ToLabeledDataView(GraphSplit.Test)));
Triple fact = graph.GetTriple("Sweden", "member of", "European Southern Observatory");

foreach ((string name, PlotTheme theme) in new[] { ("light", PlotTheme.Light), ("dark", PlotTheme.Dark) })
{
    new Dictionary<string, ScoreCurves> { ["Path model"] = curves }.PlotRoc(theme).SaveSvg($"roc-{name}.svg");
    links.PlotHitsByRelation(k: 10, numberOfRelations: 15, graph, theme).SaveSvg($"hits-{name}.svg");
    paths.ExplainPaths(fact).PlotPaths(graph, theme).SaveSvg($"paths-{name}.svg");
    graph.PlotDegrees(theme).SaveSvg($"degrees-{name}.svg");
}

using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Plots;

[TestClass]
public sealed class TrainingReportsTests
{
    [TestMethod]
    public void Reports_of_a_path_model_become_its_history()
    {
        var reports = new TrainingReports();
        var ml = new MLContext(seed: 4);
        using PathScoringTransformer model = ml.Transforms.TrainPathModel(PlotSamples.Graph, new PathTrainingEstimator.Options
        {
            Training = new PathTrainingOptions
            {
                StateDimension = 16,
                HiddenDimension = 16,
                NumberOfLayers = 2,
                NumberOfEpochs = 2,
                MaximumValidationTriples = 10,
                Progress = reports,
            },
        }).Fit(PlotSamples.Graph.ToDataView());
        TrainingHistory history = reports.History;
        Assert.IsTrue(history.Steps.Select((step, i) => step.Step == i + 1).All(isNext => isNext));
        Assert.HasCount(2, history.EpochLosses);
        Assert.AreEqual(2, history.Steps.Count(step => step.Metric is not null), "one validation an epoch");
        Assert.AreEqual(2, new SvgPicture(history.PlotLearningCurves("Validation MRR").ToSvg()).PointsOf(PlotTheme.Light.Series[2]));
    }
}

using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Sgm;

namespace Examples.Demo;

/// <summary>How the demo trains: as much as a few minutes on two cores allow.</summary>
internal static class Settings
{
    /// <summary>A narrow graph module, for the features carry the evidence of a triple.</summary>
    public static SgmPretrainEstimator.Options Stage1 { get; } = new()
    {
        GraphModule = new SgmOptions { GraphDimension = 64, Layers = 2 },
        Training = new SgmTrainingOptions { NumberOfEpochs = 1, Progress = new ConsoleProgress() },
    };

    public static GmtFinetuneEstimator.Options Stage2 { get; } = new()
    {
        FeatureColumnName = "Features",
        FeatureMemory = new FeatureMemoryOptions { Tokens = 8, HiddenWidth = 128 },
        Memory = new MemoryOptions { MemoryLayers = [2, 3, 4] },   // the top three of five
        Training = new GmtTrainingOptions
        {
            NumberOfEpochs = 4,
            LearningRate = 1e-3,
            GateLearningRateFactor = 10,   // gates start at 0: let them open sooner
            Progress = new ConsoleProgress(),
        },
        HeldOutRows = 500,   // choose the epoch
        TransformBatchSize = 64,
    };
}

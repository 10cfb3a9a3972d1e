using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Sgm;

namespace Examples.Demo;

/// <summary>How the demo trains: the reference's widths, and as much training as a few minutes on two cores allow.</summary>
internal static class Settings
{
    /// <summary>Rows of the first part of stage 2: training facts and typed negatives.</summary>
    public const long FactRows = 4000;

    public static SgmPretrainEstimator.Options Stage1 { get; } = new()
    {
        GraphModule = new SgmOptions { GraphDimension = 256, Layers = 2 },
        Training = new SgmTrainingOptions { NumberOfEpochs = 3, Progress = new ConsoleProgress() },
    };

    public static GmtFinetuneEstimator.Options Facts { get; } = new()
    {
        Memory = new MemoryOptions { MemoryLayers = [3, 4] },
        Training = new GmtTrainingOptions
        {
            NumberOfEpochs = 1,
            BatchSize = 32,
            LearningRate = 1e-3,
            GateLearningRateFactor = 10,
            WarmupSteps = 20,
            Progress = new ConsoleProgress(),
        },
        Text = new GmtTextOptions { Prompt = TriplePrompt.Reference }, // the words that the base model was taught with
        TransformBatchSize = 64,
    };

    public static GmtFinetuneEstimator.Options Labels { get; } = Facts with
    {
        Training = Facts.Training with { NumberOfEpochs = 4, BatchSize = 16, WarmupSteps = 50 },
    };
}

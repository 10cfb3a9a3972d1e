using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Both stages on the small graph of <see cref="Pipelines"/>, with the small LLaMA of the examples.</summary>
internal static class GmtPipelines
{
    public static string BaseModel => Path.Combine(Goldens.RepositoryRoot, "examples", "models", "tiny-llama");

    public static GmtFinetuneEstimator.Options Options { get; } = new()
    {
        Memory = new MemoryOptions
        {
            MemoryTokens = 4,
            MemoryHeads = 2,
            MemoryLayers = [3, 4],
            Lora = new LoraOptions { Rank = 4, Alpha = 8 },
        },
        Text = new GmtTextOptions
        {
            Prompt = new TriplePrompt { Instruction = "True or False?", Input = "( {head}, {relation}, {tail} )" },
            Template = PromptTemplate.Named("alpaca_short"),
            MaxNewTokens = 3,
        },
        Training = new GmtTrainingOptions
        {
            NumberOfEpochs = 6,
            BatchSize = 8,
            LearningRate = 3e-3,
            GateLearningRateFactor = 10,
            WarmupSteps = 5,
        },
        TransformBatchSize = 10,
        ExplanationEdges = 2,
    };

    /// <summary>One epoch, for tests in which it does not matter what was learned.</summary>
    public static GmtFinetuneEstimator.Options Quick { get; } = Options with
    {
        Training = Options.Training with { NumberOfEpochs = 1 },
    };

    /// <summary>Thirty-six labeled triples.</summary>
    public static IDataView Data => Pipelines.Graph.ToLabeledDataView(GraphSplit.Validation);

    public static TransformerChain<GmtTransformer> Fit(GmtFinetuneEstimator.Options? options = null, IDataView? data = null) =>
        Estimator(options).Fit(data ?? Data);

    public static EstimatorChain<GmtTransformer> Estimator(GmtFinetuneEstimator.Options? options = null)
    {
        var ml = new MLContext(seed: 1);
        return ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options).Append(
            ml.Transforms.GmtFinetune(BaseModel, options ?? Options));
    }
}

/// <summary>A row as stage 2 gives it back.</summary>
internal sealed class JudgedRow
{
    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }

    public bool Known { get; set; }

    public string Response { get; set; } = "";

    public string Explanation { get; set; } = "";
}

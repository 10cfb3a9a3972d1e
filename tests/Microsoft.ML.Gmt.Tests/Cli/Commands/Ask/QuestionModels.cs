using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>Small trained models in the forms that commands take.</summary>
internal static class QuestionModels
{
    private static readonly SgmPretrainEstimator.Options Stage1 = Pipelines.Options with { Mask = QueryMask.Compatible };

    /// <summary>Both stages, saved by ML.NET as one chain.</summary>
    public static string Both(TemporaryFolder folder)
    {
        var ml = new MLContext(seed: 1);
        GmtFinetuneEstimator.Options options = GmtPipelines.Options with
        {
            Text = new GmtTextOptions(),
            Training = GmtPipelines.Options.Training with { NumberOfEpochs = 2 },
        };
        using Data.TransformerChain<GmtTransformer> chain = ml.Transforms.SgmPretrain(Pipelines.Graph, Stage1)
            .Append(ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options)).Fit(GmtPipelines.Data);
        ml.Model.Save(chain, GmtPipelines.Data.Schema, folder["facts.zip"]);
        return folder["facts.zip"];
    }

    /// <summary>Stage 1 alone, saved by ML.NET.</summary>
    public static string First(TemporaryFolder folder)
    {
        using SgmTransformer transformer = Pipelines.Fit(Stage1);
        new MLContext().Model.Save(transformer, GmtPipelines.Data.Schema, folder["sgm.zip"]);
        return folder["sgm.zip"];
    }
}

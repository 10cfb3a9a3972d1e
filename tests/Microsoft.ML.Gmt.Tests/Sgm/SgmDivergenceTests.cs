using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>Numbers that are not finite become no saved weight, no score and no rank.</summary>
[TestClass]
public sealed class SgmDivergenceTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void A_run_that_diverges_gives_no_model_and_keeps_a_state_of_finite_weights()
    {
        using var folder = new TemporaryFolder();
        SgmPretrainEstimator.Options ruinous = Pipelines.Options with
        {
            Training = Pipelines.Options.Training with
            {
                NumberOfEpochs = 100,
                LearningRate = 10,
                WeightDecay = 10, // each step multiplies the weights by 99
                Checkpoint = new() { Path = folder["state.safetensors"], Interval = TimeSpan.Zero },
            },
        };
        string message = Assert.ThrowsExactly<NotFiniteNumberException>(() => Pipelines.Fit(ruinous)).Message;
        StringAssert.Matches(
            message, new(@"at step \d+: the training run has diverged and was stopped there\. .*LearningRate\. The last state"));
        using var scope = NewDisposeScope();
        using SafetensorsFile state = SafetensorsFile.Open(folder["state.safetensors"]);
        foreach (string name in state.Names.Where(name => name != "best/figure" && name != "history/metric"))
        {
            Assert.IsTrue(FiniteTensor.IsFinite(state.Get(name)), name);
        }
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    public void An_archive_with_such_a_weight_is_refused_when_it_is_loaded(float bad)
    {
        using SgmTransformer model = Pipelines.Fit();
        using var folder = new TemporaryFolder();
        Spoil(model.Module, bad);
        Ml.Model.Save(model, null, folder["bad.zip"]);
        Exception error = Assert.Throws<Exception>(() => Ml.Model.Load(folder["bad.zip"], out _));
        WeightFileException? fault = Causes(error).OfType<WeightFileException>().FirstOrDefault();
        Assert.IsNotNull(fault, error.ToString());
        StringAssert.Contains(fault.Message, "weights.safetensors");
        StringAssert.Contains(fault.Message, "not finite");
        Ml.Model.SaveSgmCheckpoint(model, folder["sgm"]);
        Assert.ThrowsExactly<WeightFileException>(() => Ml.Model.LoadSgmCheckpoint(folder["sgm"], Pipelines.Graph));
    }

    [TestMethod]
    public void Weights_that_are_spoilt_in_memory_give_no_verdict_and_no_rank()
    {
        using SgmTransformer model = Pipelines.Fit();
        Spoil(model.Module, float.NaN);
        IDataView rows = Pipelines.Graph.ToLabeledDataView(GraphSplit.Validation);
        string message = Assert.ThrowsExactly<NotFiniteNumberException>(() => Pipelines.Score(model, rows)).Message;
        StringAssert.Contains(message, "the graph module's score of (person");
        Triple[] triples = Pipelines.Graph.Triples(GraphSplit.Test).ToArray();
        Assert.ThrowsExactly<NotFiniteNumberException>(() => model.Scorer.Score(triples, QueryMask.None, new float[triples.Length]));
        Assert.ThrowsExactly<NotFiniteNumberException>(
            () => EntityRanking.Rank(model.Scorer, triples, filter: null, QueryMask.None));
        Assert.ThrowsExactly<NotFiniteNumberException>(() => EntityRetrieval.Tails(model.Scorer, 0, 0, 3));
    }

    [TestMethod]
    public void Relation_vectors_that_are_not_finite_are_refused_before_training()
    {
        float[][] rows = [[1, 2], [float.NaN, 0], [3, 4]];
        SgmPretrainEstimator.Options options = Pipelines.Options with { RelationSemantics = RelationSemanticsSource.FromRows(rows) };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Pipelines.Fit(options)).Message, "relation 'speaks'");
        using var folder = new TemporaryFolder();
        using (Tensor vectors = tensor(rows.SelectMany(row => row).ToArray()).view(3, 2))
        {
            SafetensorsWriter.Write(folder["r.safetensors"], [KeyValuePair.Create("rel_embeddings", vectors)]);
        }

        options = options with { RelationSemantics = RelationSemanticsSource.FromFile(folder["r.safetensors"]) };
        StringAssert.Contains(Assert.ThrowsExactly<WeightFileException>(() => Pipelines.Fit(options)).Message, "not finite");
    }

    private static void Spoil(SgmModule module, float bad)
    {
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        module.parameters().Last(parameter => parameter.numel() > 3).view(-1)[2] = bad;
    }

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
        }
    }
}

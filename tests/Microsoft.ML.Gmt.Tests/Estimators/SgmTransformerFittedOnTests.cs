using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class SgmTransformerFittedOnTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void What_it_was_fitted_on_is_known_and_is_saved_where_that_is_the_graphs_training_triples()
    {
        Triple[] triples = Pipelines.Graph.Triples(GraphSplit.Train).ToArray();
        using SgmTransformer all = Pipelines.Fit();
        IDataView row = Ml.Data.LoadFromEnumerable([TripleRow.Of(triples[0])]);
        using SgmTransformer some = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options).Fit(row);
        Assert.IsTrue(all.Scorer.FittedOn!.Contains(triples[1]));
        Assert.IsFalse(all.Scorer.FittedOn!.Contains(Pipelines.Graph.Triples(GraphSplit.Test)[0]));
        Assert.AreEqual(1, some.Scorer.FittedOn!.Count);
        Assert.IsTrue(some.Scorer.FittedOn!.Contains(triples[0]));

        // What goes on from another module has seen that one's triples as well.
        SgmPretrainEstimator estimator = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options);
        using SgmTransformer further = estimator.Fit(row, null, all);
        using SgmTransformer mixed = estimator.Fit(Pipelines.Graph.ToDataView(), null, some);
        Assert.AreEqual(all.Scorer.FittedOn.Count, further.Scorer.FittedOn!.Count);
        Assert.IsNull(mixed.Scorer.FittedOn, "more is known now than before");
        using SgmTransformer loadedAll = Reload(all), loadedSome = Reload(some);
        Assert.IsTrue(loadedAll.Scorer.FittedOn!.SetEquals(all.Scorer.FittedOn));
        Assert.IsNull(loadedSome.Scorer.FittedOn, "an archive tells of the training triples only");
        using SgmTransformer again = Reload(loadedAll);
        Assert.IsNotNull(again.Scorer.FittedOn);
    }

    private static SgmTransformer Reload(SgmTransformer model)
    {
        using var stream = new MemoryStream();
        Ml.Model.Save(model, null, stream);
        stream.Position = 0;
        return (SgmTransformer)Ml.Model.Load(stream, out _);
    }
}

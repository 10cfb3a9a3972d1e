using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class SgmTransformerTests
{
    [TestMethod]
    public void A_pipeline_is_trained_judged_saved_and_loaded()
    {
        var ml = new MLContext(seed: 1);
        using SgmTransformer model = Pipelines.Fit();
        IDataView scored = model.Transform(Pipelines.Graph.ToLabeledDataView(GraphSplit.Test));
        CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(scored);
        Assert.IsTrue(metrics.AreaUnderRocCurve is > 0 and < 1);
        using var stream = new MemoryStream();
        ml.Model.Save(model, Pipelines.Graph.ToDataView().Schema, stream);
        stream.Position = 0;
        using var loaded = (SgmTransformer)new MLContext().Model.Load(stream, out DataViewSchema schema);
        CollectionAssert.AreEqual(new[] { "Head", "Relation", "Tail", "Label" }, schema.Select(column => column.Name).ToArray());
        IDataView again = loaded.Transform(Pipelines.Graph.ToLabeledDataView(GraphSplit.Test));
        CollectionAssert.AreEqual(scored.GetColumn<float>("Score").ToArray(), again.GetColumn<float>("Score").ToArray());
        CollectionAssert.AreEqual(model.History.Steps.ToArray(), loaded.History.Steps.ToArray());
        Assert.AreEqual(model.Mask, loaded.Mask);
    }
}

using Microsoft.Data.Analysis;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>What becomes of our columns in forms of ML.NET's family that cannot hold all of them.</summary>
[TestClass]
public sealed class ForeignFormTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static IDataView Train => Pipelines.Graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);

    [TestMethod]
    public void An_export_to_ONNX_names_the_columns_and_what_to_do_wherever_the_transformer_stands()
    {
        using SgmTransformer model = Pipelines.Fit();
        IDataView judged = model.Transform(Train);
        ITransformer after = Ml.Transforms.Concatenate("Features", "HeadEmbedding", "TailEmbedding")
            .Append(Ml.Transforms.NormalizeMinMax("Features")).Fit(judged);
        foreach (ITransformer whole in new ITransformer[] { model, new TransformerChain<ITransformer>(model, after) })
        {
            using var stream = new MemoryStream();
            NotSupportedException error = Assert.ThrowsExactly<NotSupportedException>(() => Ml.Model.ConvertToOnnx(whole, Train, stream));
            StringAssert.StartsWith(error.Message, "The columns 'Evidence', 'Score', 'Probability', ");
            StringAssert.Contains(error.Message, "ml.Model.SaveAtomically");
            Assert.AreEqual(0, stream.Length);
        }
    }

    [TestMethod]
    public void The_steps_after_a_transformer_are_exported_on_rows_that_it_has_transformed()
    {
        using SgmTransformer model = Pipelines.Fit();
        IDataView embedded = Ml.Transforms.SelectColumns("HeadEmbedding", "TailEmbedding").Fit(model.Transform(Train))
            .Transform(model.Transform(Train));
        IDataView rows = Ml.Data.LoadFromEnumerable(
            Ml.Data.CreateEnumerable<Embedded>(embedded, reuseRowObject: false).ToArray(), SchemaOf(embedded));
        ITransformer after = Ml.Transforms.Concatenate("Features", "HeadEmbedding", "TailEmbedding")
            .Append(Ml.Transforms.NormalizeMinMax("Features")).Fit(rows);
        using var stream = new MemoryStream();
        Ml.Model.ConvertToOnnx(after, rows, stream);
        Assert.IsGreaterThan(0, stream.Length);
    }

    [TestMethod]
    public void A_data_frame_takes_all_columns_but_the_evidence_whose_type_it_names()
    {
        using SgmTransformer model = Pipelines.Fit();
        IDataView judged = model.Transform(Train);
        NotSupportedException error = Assert.ThrowsExactly<NotSupportedException>(() => judged.ToDataFrame());
        StringAssert.Contains(error.Message, nameof(GraphEvidence)); // the message is Microsoft.Data.Analysis' own

        DataFrame without = Ml.Transforms.DropColumns("Evidence").Fit(judged).Transform(judged).ToDataFrame();
        Assert.AreEqual(judged.Schema.Count - 1, without.Columns.Count);
        DataFrame named = judged.ToDataFrame("Head", "Score", "Known", "HeadEmbedding");
        Assert.HasCount(4, named.Columns);
        Assert.AreEqual(judged.GetColumn<float>("Score").First(), (float)named["Score"][0]);
    }

    private static SchemaDefinition SchemaOf(IDataView view)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Embedded));
        schema["HeadEmbedding"].ColumnType = view.Schema["HeadEmbedding"].Type;
        schema["TailEmbedding"].ColumnType = view.Schema["TailEmbedding"].Type;
        return schema;
    }

    private sealed class Embedded
    {
        public float[] HeadEmbedding { get; set; } = [];

        public float[] TailEmbedding { get; set; } = [];
    }
}

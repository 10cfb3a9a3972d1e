using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class SharedTransformTests
{
    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(5)]
    public void Process_0_gets_all_rows_in_order_with_the_bits_of_one(int size)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using TransformerChain<GmtTransformer> model = Fit();
        JudgedRow[] expected = Rows(model.Transform(GmtPipelines.Data));
        JudgedRow[][] all = Ranks.Run(size, ranks => Rows(Shared(ranks, model, GmtPipelines.Data)));
        CollectionAssert.AreEqual(Texts(expected), Texts(all[0]));
        Assert.HasCount(36, expected);
        Assert.AreEqual(36, all[1..].Sum(rows => rows.Length) + OwnOfFirst(size), "the others have what they transformed themselves");
    }

    [TestMethod]
    public void One_process_transforms_lazily_and_keeps_all_columns()
    {
        using TransformerChain<GmtTransformer> model = Fit();
        IDataView view = Shared(SingleRank.Instance, model, GmtPipelines.Data);
        Assert.IsNotNull(view.Schema.GetColumnOrNull("Evidence"));
        CollectionAssert.AreEqual(Texts(Rows(model.Transform(GmtPipelines.Data))), Texts(Rows(view)));
    }

    [TestMethod]
    public void Other_rows_are_refused_with_their_number()
    {
        using SgmTransformer model = Pipelines.Fit();
        IDataView all = Pipelines.Graph.ToLabeledDataView(GraphSplit.Validation), fewer = new MLContext().Data.TakeRows(all, 7);
        Exception?[] failures = Ranks.Failures(Ranks.Options(2), ranks => Shared(ranks, model, ranks.Rank == 1 ? fewer : all));
        foreach (Exception? failure in failures)
        {
            StringAssert.Contains(failure!.Message, "rank 1 cannot take part: rows to transform is 7 there and 36 on rank 0");
        }
    }

    [TestMethod]
    public void Other_columns_and_names_are_refused_too()
    {
        using SgmTransformer model = Pipelines.Fit();
        var ml = new MLContext(seed: 1);
        IDataView rows = Pipelines.Graph.ToLabeledDataView(GraphSplit.Validation);
        foreach ((IDataView other, string what) in new[]
        {
            (ml.Transforms.CopyColumns("Copy", "Head").Fit(rows).Transform(rows), "their columns is"),
            (ml.Data.ShuffleRows(rows, seed: 1), "their texts is"),
        })
        {
            Exception?[] failures = Ranks.Failures(Ranks.Options(2), ranks => Shared(ranks, model, ranks.Rank == 1 ? other : rows));
            foreach (Exception? failure in failures)
            {
                StringAssert.Contains(failure!.Message, $"rank 1 cannot take part: {what}");
            }
        }
    }

    // Whole batches of both stages are 16, 16 and 4 rows; those of rank 0 come first.
    private static int OwnOfFirst(int size) => RowShare.Of(0, size, 3).Count * 16;

    private static TransformerChain<GmtTransformer> Fit() => GmtPipelines.Fit(GmtPipelines.Quick with { TransformBatchSize = 8 });

    private static IDataView Shared(ICollective ranks, ITransformer model, IDataView rows) =>
        new ProcessGroup(ranks).Transform(new MLContext(), model, rows);

    private static JudgedRow[] Rows(IDataView view) =>
        [.. new MLContext().Data.CreateEnumerable<JudgedRow>(view, reuseRowObject: false, ignoreMissingColumns: true)];

    private static string[] Texts(JudgedRow[] rows) =>
        Array.ConvertAll(rows, row => $"{row.Explanation} {row.PredictedLabel} {BitConverter.SingleToInt32Bits(row.Score)} {row.Response}");
}

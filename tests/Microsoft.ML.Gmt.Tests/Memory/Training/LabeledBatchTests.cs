using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class LabeledBatchTests
{
    [TestMethod]
    public void Rows_of_any_lengths_end_together()
    {
        Arbitrary<TokenizedRow[]> batches = (
            from lengths in Gen.Choose(1, 9).NonEmptyListOf() select lengths.Select(Row).ToArray()).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(batches, rows =>
        {
            using var scope = NewDisposeScope();
            using LabeledBatch batch = LabeledBatch.PadLeft(rows);
            int longest = rows.Max(row => row.Ids.Count);
            Assert.AreEqual(rows.All(row => row.Ids.Count == longest), batch.AttentionMask is null);
            for (int row = 0; row < rows.Length; row++)
            {
                int padding = longest - rows[row].Ids.Count;
                CollectionAssert.AreEqual(Padded(0, padding, rows[row].Ids), Values(batch.InputIds[row]));
                CollectionAssert.AreEqual(Padded(-100, padding, rows[row].Labels), Values(batch.Labels[row]));
                if (batch.AttentionMask is { } mask)
                {
                    CollectionAssert.AreEqual(Padded(0, padding, [.. rows[row].Ids.Select(_ => 1)]), Values(mask[row]));
                }
            }

            CollectionAssert.AreEqual(rows.Select(row => row.Query).ToArray(), batch.Queries.ToArray());
            Assert.AreEqual(rows.Sum(row => row.Labels.Skip(1).Count(label => label != -100)), batch.LabelCount);
        }));
    }

    [TestMethod]
    public void A_batch_frees_its_tensors()
    {
        using LabeledBatch first = LabeledBatch.PadLeft([Row(1), Row(5)]);
        long before = Tensor.TotalCount;
        for (int i = 0; i < 10; i++)
        {
            using LabeledBatch batch = LabeledBatch.PadLeft([Row(1), Row(5)]);
        }

        Assert.AreEqual(before, Tensor.TotalCount);
        Assert.Throws<ArgumentException>(() => LabeledBatch.PadLeft([]));
    }

    private static TokenizedRow Row(int length) => new([.. Enumerable.Range(1, length)], length / 2, new Triple(length, 0, length));

    private static long[] Padded(int padding, int count, IReadOnlyList<int> values) =>
        [.. Enumerable.Repeat((long)padding, count), .. values.Select(value => (long)value)];

    private static long[] Values(Tensor row) => row.data<long>().ToArray();
}

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class RowBatchesTests
{
    [TestMethod]
    public void Every_row_occurs_once_an_epoch_in_batches_of_the_sizes()
    {
        Arbitrary<(int Rows, int Micro, int Steps, bool Grouped)> plans =
            (from rows in Gen.Choose(1, 200)
             from micro in Gen.Choose(1, 5)
             from steps in Gen.Choose(1, 4)
             from grouped in Gen.Elements(true, false)
             select (rows, micro, steps, grouped)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(plans, plan =>
        {
            var batches = new RowBatches(
                Rows(plan.Rows), new BatchSizes(plan.Micro * plan.Steps, plan.Micro), new RandomStreams(7), plan.Grouped);
            IReadOnlyList<IReadOnlyList<TokenizedRow>>[] epoch = [.. batches.Epoch(1)];
            Assert.AreEqual(batches.StepsPerEpoch, epoch.Length);
            CollectionAssert.AreEquivalent(Enumerable.Range(0, plan.Rows).ToArray(), Heads(epoch));
            Assert.IsTrue(epoch.SkipLast(1).All(step => step.Count == plan.Steps && step.All(micro => micro.Count == plan.Micro)));
            Assert.IsTrue(epoch[^1].SkipLast(1).All(micro => micro.Count == plan.Micro) && epoch[^1].Count <= plan.Steps && epoch[^1][^1].Count <= plan.Micro);
            CollectionAssert.AreEqual(Heads(epoch), Heads([.. batches.Epoch(1)]));
            CollectionAssert.AreEqual(Heads(epoch[(epoch.Length / 2)..]), Heads([.. batches.Epoch(1, epoch.Length / 2)]));
        }));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Seed_and_epoch_decide_the_order(bool groupByLength)
    {
        int[] Order(int seed, int epoch) => Heads(
            [.. new RowBatches(Rows(100), new BatchSizes(4, 2), new RandomStreams(seed), groupByLength).Epoch(epoch)]);
        CollectionAssert.AreEqual(Order(1, 0), Order(1, 0));
        CollectionAssert.AreNotEqual(Order(1, 0), Order(1, 1));
        CollectionAssert.AreNotEqual(Order(1, 0), Order(2, 0));
    }

    [TestMethod]
    public void Grouping_by_length_sorts_stretches_and_begins_with_the_longest_row()
    {
        // 1,000 rows, 4 a step: stretches of 50 steps. 30 rows: of a quarter.
        foreach ((int count, int stretch) in new[] { (1000, 200), (30, 4), (3, 4) })
        {
            TokenizedRow[] rows = Rows(count);
            int[] lengths = [.. new RowBatches(rows, new BatchSizes(4, 2), new RandomStreams(3), groupByLength: true).Epoch(0)
                .SelectMany(step => step).SelectMany(micro => micro).Select(row => row.Ids.Count)];
            Assert.AreEqual(rows.Max(row => row.Ids.Count), lengths[0]);
            foreach (int[] part in lengths.Chunk(stretch))
            {
                // The longest row of all has changed places with the first of the first stretch.
                CollectionAssert.AreEqual(part[1..].OrderDescending().ToArray(), part[1..]);
            }
        }
    }

    [TestMethod]
    public void Carried_micro_batches_begin_the_next_epoch_and_every_step_is_full()
    {
        // 11 micro batches an epoch, 4 a step: 2 steps an epoch, and 3 micro batches wait.
        var batches = new RowBatches(Rows(21), new BatchSizes(8, 2), new RandomStreams(7), carryIncompleteSteps: true);
        Assert.AreEqual(11, batches.MicroBatchesPerEpoch);
        Assert.AreEqual(2, batches.StepsPerEpoch);
        IReadOnlyList<IReadOnlyList<TokenizedRow>>[] steps = [.. Enumerable.Range(0, 6).SelectMany(epoch => batches.Epoch(epoch))];
        Assert.HasCount(12, steps);
        Assert.IsTrue(steps.All(step => step.Count == 4));
        int[] carried = Heads(steps), passes = Heads([.. Enumerable.Range(0, 5).SelectMany(epoch => Plain(21).Epoch(epoch))]);
        CollectionAssert.AreEqual(passes[..carried.Length], carried, "passes follow each other without a gap");
        CollectionAssert.AreEqual(Heads(steps[7..8]), Heads([.. batches.Epoch(3, 1)]), "a training run may go on in the middle");
        Assert.IsEmpty([.. batches.Epoch(3, 2)]);

        // Fewer micro batches than a step: one smaller step an epoch.
        var few = new RowBatches(Rows(5), new BatchSizes(8, 2), new RandomStreams(7), carryIncompleteSteps: true);
        Assert.AreEqual(1, few.StepsPerEpoch);
        CollectionAssert.AreEqual(Heads([.. Plain(5).Epoch(1)]), Heads([.. few.Epoch(1)]));

        static RowBatches Plain(int rows) => new(Rows(rows), new BatchSizes(8, 2), new RandomStreams(7));
    }

    [TestMethod]
    public void Rows_without_labels_are_left_out()
    {
        TokenizedRow[] rows = [new([5], 0, default), new([5, 6], 2, default), new([5, 6], 0, new Triple(3, 0, 0))];
        var batches = new RowBatches(rows, new BatchSizes(2, 1), new RandomStreams(1));
        Assert.AreEqual(1, batches.RowCount);
        CollectionAssert.AreEqual(new[] { 3 }, Heads([.. batches.Epoch(0)]));
        string message = Assert.Throws<ArgumentException>(
            () => new RowBatches(rows[..2], new BatchSizes(2, 1), new RandomStreams(1))).Message;
        StringAssert.Contains(message, "None of the 2 rows", StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new RowBatches([], new BatchSizes(2, 1), new RandomStreams(1)));
        Assert.Throws<ArgumentException>(() => new RowBatches(rows, default, new RandomStreams(1)));
    }

    [TestMethod]
    public void Held_out_rows_are_chosen_by_the_seed_and_not_trained_on()
    {
        int[] rows = [.. Enumerable.Range(0, 50)];
        (IReadOnlyList<int> training, IReadOnlyList<int> validation) = RowBatches.HoldOut(rows, 8, new RandomStreams(42));
        Assert.HasCount(8, validation);
        CollectionAssert.AreEquivalent(rows, training.Concat(validation).ToArray());
        CollectionAssert.AreEqual(training.Order().ToArray(), training.ToArray());
        CollectionAssert.AreEqual(validation.ToArray(), RowBatches.HoldOut(rows, 8, new RandomStreams(42)).Validation.ToArray());
        CollectionAssert.AreNotEqual(validation.ToArray(), RowBatches.HoldOut(rows, 8, new RandomStreams(43)).Validation.ToArray());
        Assert.IsEmpty(RowBatches.HoldOut(rows, 0, new RandomStreams(42)).Validation);
        Assert.Throws<ArgumentOutOfRangeException>(() => RowBatches.HoldOut(rows, 50, new RandomStreams(42)));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowBatches.HoldOut(rows, -1, new RandomStreams(42)));
    }

    // The head says which row it is; lengths go up and down.
    private static TokenizedRow[] Rows(int count) =>
        [.. Enumerable.Range(0, count).Select(row => new TokenizedRow(new int[2 + (row * 37 % 61)], 0, new Triple(row, 0, 0)))];

    private static int[] Heads(IReadOnlyList<IReadOnlyList<IReadOnlyList<TokenizedRow>>> steps) =>
        [.. steps.SelectMany(step => step).SelectMany(micro => micro).Select(row => row.Triple.Head)];
}

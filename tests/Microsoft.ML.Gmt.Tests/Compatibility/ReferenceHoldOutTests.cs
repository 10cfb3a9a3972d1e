using Microsoft.ML.Gmt.Compatibility;

namespace Microsoft.ML.Gmt.Tests.Compatibility;

[TestClass]
public sealed class ReferenceHoldOutTests
{
    [TestMethod]
    public void Rows_are_held_out_in_the_order_of_NumPys_permutation()
    {
        int[] rows = [.. Enumerable.Range(0, 10)];
        (IReadOnlyList<int> training, IReadOnlyList<int> validation) = ReferenceHoldOut.Split(rows, 3, 42);
        CollectionAssert.AreEqual(new[] { 5, 6, 0 }, validation.ToArray());
        CollectionAssert.AreEqual(new[] { 7, 3, 2, 4, 9, 1, 8 }, training.ToArray());
    }

    [TestMethod]
    public void Every_row_is_in_one_of_the_parts_and_some_are_left_to_train_on()
    {
        int[] rows = [.. Enumerable.Range(0, 50)];
        (IReadOnlyList<int> training, IReadOnlyList<int> validation) = ReferenceHoldOut.Split(rows, 8, 42);
        CollectionAssert.AreEquivalent(rows, training.Concat(validation).ToArray());
        Assert.HasCount(8, validation);
        Assert.AreSame(rows, ReferenceHoldOut.Split(rows, 0, 42).Training);
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceHoldOut.Split(rows, 50, 42));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceHoldOut.Split(rows, -1, 42));
    }
}

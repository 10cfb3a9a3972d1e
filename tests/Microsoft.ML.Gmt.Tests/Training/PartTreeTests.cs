using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class PartTreeTests
{
    [TestMethod]
    public void Every_part_is_in_it_once_in_order() =>
        CollectionAssert.AreEqual(Enumerable.Range(0, PartTree.Parts).ToArray(), Leaves(PartTree.Root));

    [TestMethod]
    public void The_branches_of_a_rank_are_its_parts_and_of_up_to_four_ranks_at_most_two()
    {
        for (int size = 1; size <= PartTree.Parts; size++)
        {
            for (int rank = 0; rank < size; rank++)
            {
                RowShare parts = RowShare.Of(rank, size, PartTree.Parts);
                PartTree[] branches = [.. PartTree.Root.Within(parts.First, parts.End)];
                CollectionAssert.AreEqual(
                    Enumerable.Range(parts.First, parts.Count).ToArray(), branches.SelectMany(Leaves).ToArray(), $"{rank} of {size}");
                Assert.IsLessThanOrEqualTo(size <= 4 ? 2 : parts.Count, branches.Length, $"{rank} of {size}");
            }
        }
    }

    private static int[] Leaves(PartTree tree) =>
        tree.Left is null ? [tree.First] : [.. Leaves(tree.Left), .. Leaves(tree.Right!)];
}

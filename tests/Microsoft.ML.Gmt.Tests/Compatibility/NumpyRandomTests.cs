using Microsoft.ML.Gmt.Compatibility;

namespace Microsoft.ML.Gmt.Tests.Compatibility;

[TestClass]
public sealed class NumpyRandomTests
{
    [TestMethod]
    public void Its_numbers_are_those_of_NumPys_documentation()
    {
        // default_rng(42).random(), which takes the upper 53 bits.
        Assert.AreEqual(0.7739560485559633, (new NumpyRandom(42).NextUInt64() >> 11) * (1.0 / (1UL << 53)));
    }

    [TestMethod]
    public void Its_permutations_are_NumPys() =>
        CollectionAssert.AreEqual(new[] { 5, 6, 0, 7, 3, 2, 4, 9, 1, 8 }, new NumpyRandom(42).Permutation(10));

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(1000)]
    public void A_permutation_has_each_number_once(int count) =>
        CollectionAssert.AreEquivalent(Enumerable.Range(0, count).ToArray(), new NumpyRandom(7).Permutation(count));
}

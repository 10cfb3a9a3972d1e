using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class FiniteNumbersTests
{
    private static readonly float[] NotFinite =
    [
        float.NaN, BitConverter.UInt32BitsToSingle(0x7FC00000), BitConverter.UInt32BitsToSingle(0x7F800001), float.PositiveInfinity,
        float.NegativeInfinity,
    ];

    [TestMethod]
    public void One_number_that_is_not_finite_is_found_wherever_it_stands()
    {
        for (int length = 1; length < 70; length++)
        {
            float[] numbers = [.. Enumerable.Repeat(float.MaxValue, length)];
            Assert.IsTrue(FiniteNumbers.Are(numbers));
            for (int place = 0; place < length; place++)
            {
                foreach (float bad in NotFinite)
                {
                    numbers[place] = bad;
                    Assert.IsFalse(FiniteNumbers.Are(numbers), $"{bad} at {place} of {length}");
                    Assert.IsFalse(FiniteNumbers.Are(Array.ConvertAll(numbers, number => (double)number)));
                }

                numbers[place] = -float.Epsilon;
            }
        }

        Assert.IsTrue(FiniteNumbers.Are(ReadOnlySpan<float>.Empty));
        Assert.IsTrue(FiniteNumbers.Are([double.MaxValue, double.MinValue, 0, double.Epsilon]));
    }

    [TestMethod]
    public void The_message_says_whose_score_it_is()
    {
        NotFiniteNumberException error = Assert.ThrowsExactly<NotFiniteNumberException>(
            () => FiniteNumbers.CheckScores([1, 2, float.NaN], place => $"the score of row {place}"));
        StringAssert.StartsWith(error.Message, "the score of row 2 is NaN");
    }
}

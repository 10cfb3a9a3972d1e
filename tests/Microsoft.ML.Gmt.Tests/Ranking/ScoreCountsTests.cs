using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Tests.Ranking;

[TestClass]
public sealed class ScoreCountsTests
{
    private static readonly Gen<float> Scores = Gen.Elements(-2f, -1f, -0f, 0f, float.Epsilon, 1f, 2f, float.MaxValue, float.MinValue);

    [TestMethod]
    public void Counts_equal_those_of_looking_at_one_score_after_the_other() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
            Gen.Choose(0, 90).SelectMany(length => Scores.ArrayOf(length)).ToArbitrary(), Scores.ToArbitrary(), (scores, own) =>
        {
            for (int start = 0; start <= Math.Min(3, scores.Length); start++)
            {
                float[] rest = scores[start..];
                Assert.AreEqual(
                    (rest.Count(score => score > own), rest.Count(score => score == own)), ScoreCounts.Of(scores.AsSpan(start), own));
            }
        }));
}

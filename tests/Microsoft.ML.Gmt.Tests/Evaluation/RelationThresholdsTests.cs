using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class RelationThresholdsTests
{
    [TestMethod]
    public void Each_relation_has_its_own_and_an_unknown_one_the_common_one()
    {
        RelationThresholds thresholds = RelationThresholds.Fit(
            [new("a", 1, false), new("a", 3, true), new("b", -5, true), new("b", -7, false), new("c", 0, true), new("d", 9, false)]);
        Assert.AreEqual(2, thresholds.Of("a"));
        Assert.AreEqual(-6, thresholds.Of("b"));
        Assert.AreEqual(double.NegativeInfinity, thresholds.Of("c"), "all true");
        Assert.AreEqual(double.PositiveInfinity, thresholds.Of("d"), "all false");
        Assert.AreEqual(thresholds.Common, thresholds.Of("new"));
        Assert.IsTrue(thresholds.IsTrue("a", 2.5));
        Assert.AreEqual(0.5, thresholds.Accuracy([new("a", 2.5, true), new("b", 0, false)]));
    }

    [TestMethod]
    public void Equal_scores_give_the_majority_verdict() => Prop.ForAll<(byte Relation, bool Label)[]>(rows =>
    {
        ScoredStatement[] statements = [.. rows.Select(row => new ScoredStatement($"{row.Relation % 3}", 0, row.Label))];
        if (statements.Length == 0)
        {
            return;
        }

        RelationThresholds thresholds = RelationThresholds.Fit(statements);
        foreach (var group in statements.GroupBy(statement => statement.Relation))
        {
            Assert.AreEqual(group.Count(statement => statement.Label) * 2 >= group.Count(), thresholds.IsTrue(group.Key, 0));
        }
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void No_other_threshold_gets_more_right() => Prop.ForAll<(sbyte Score, bool Label)[]>(rows =>
    {
        ScoredStatement[] statements = [.. rows.Select(row => new ScoredStatement("r", row.Score, row.Label))];
        if (statements.Length == 0)
        {
            return;
        }

        double reached = RelationThresholds.Fit(statements).Accuracy(statements);
        for (double threshold = -129.5; threshold < 129; threshold++)
        {
            Assert.IsTrue(reached >= statements.Average(statement => statement.Score > threshold == statement.Label ? 1.0 : 0) - 1e-12);
        }
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Nothing_to_choose_by_is_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => RelationThresholds.Fit([]));
        Assert.ThrowsExactly<ArgumentException>(() => RelationThresholds.Fit([new("r", double.NaN, true)]));
        RelationThresholds thresholds = RelationThresholds.Fit([new("r", 1, true), new("r", 0, false)]);
        Assert.ThrowsExactly<ArgumentException>(
            () => thresholds.Accuracy([new("r", double.NaN, false)]), "a row with unknown names is no verdict, least of all a right one");
    }
}

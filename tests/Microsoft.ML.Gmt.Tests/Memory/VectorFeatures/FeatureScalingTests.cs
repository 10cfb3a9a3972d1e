using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class FeatureScalingTests
{
    private const float Missing = float.NaN;

    [TestMethod]
    public void Numbers_become_signed_logarithms_in_standard_deviations_from_their_mean()
    {
        float[][] rows = [[0, 5], [MathF.E - 1, 5], [-(MathF.E - 1), 5], [0, 5]];
        FeatureScaling scaling = FeatureScaling.Fit(rows, ["size", "constant"]);
        Assert.AreEqual(0, scaling.Means[0], 1e-6);
        Assert.AreEqual(Math.Sqrt(0.5), scaling.Deviations[0], 1e-6);
        Assert.AreEqual(0, scaling.Deviations[1]);
        Assert.AreEqual(2, scaling.InputWidth);
        AssertInputs(scaling, [MathF.E - 1, 5], Math.Sqrt(2), 0);
        AssertInputs(scaling, [-(MathF.E - 1), 7], -Math.Sqrt(2), 0);
        AssertInputs(scaling, [1e30f, 5], 4, 0);
        AssertInputs(scaling, [-1e30f, 5], -4, 0);
        Assert.AreEqual(5, scaling.MeanOf(1), 1e-5);
    }

    [TestMethod]
    public void A_missing_number_counts_as_the_mean_and_says_that_it_is_missing_where_that_was_seen_in_training()
    {
        FeatureScaling scaling = FeatureScaling.Fit([[1, 1, Missing], [Missing, 3, Missing]], ["a", "b", "c"]);
        CollectionAssert.AreEqual(new[] { 0, 2 }, scaling.WithMissing.ToArray());
        Assert.AreEqual(5, scaling.InputWidth);
        AssertInputs(scaling, [Missing, 1, Missing], 0, -1, 0, 1, 1);
        AssertInputs(scaling, [1, Missing, 9], 0, 0, 0, 0, 0);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => FeatureScaling.Fit([[Missing], [Missing]], ["a"])).Message,
            "All 1 features of all 2 rows are missing");
    }

    /// <summary>Against the definition, in double precision and slot by slot.</summary>
    [TestMethod]
    public void Training_rows_have_mean_0_and_variance_1_wherever_a_slot_varies()
    {
        Gen<float> number = Gen.Choose(-1_000_000, 1_000_000).SelectMany(
            mantissa => Gen.Choose(-3, 6).Select(exponent => (float)(mantissa * Math.Pow(10, exponent - 6))));
        Prop.ForAll(Arb.From(number.ArrayOf(3).ArrayOf(20)), rows =>
        {
            FeatureScaling scaling = FeatureScaling.Fit(rows, ["a", "b", "c"]);
            float[][] inputs = [.. rows.Select(row => Inputs(scaling, row, limit: 1e9))];
            for (int slot = 0; slot < 3; slot++)
            {
                double[] logs = [.. rows.Select(row => Math.Sign(row[slot]) * Math.Log(1 + Math.Abs((double)row[slot])))];
                double mean = logs.Average(), deviation = Math.Sqrt(logs.Average(log => (log - mean) * (log - mean)));
                if (!logs.Zip(inputs).All(pair => Math.Abs(((pair.First - mean) / deviation) - pair.Second[slot]) < 1e-3))
                {
                    return deviation < 1e-5;
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [TestMethod]
    public void What_an_archive_cannot_mean_is_refused()
    {
        FeatureScaling good = FeatureScaling.Fit([[1, Missing], [2, 3]], ["a", "b"]);
        good.Check();
        FeatureScaling[] bad =
        [
            good with { Means = [1] }, good with { Names = [], Means = [], Deviations = [] }, good with { Means = [1, float.NaN] },
            good with { Deviations = [1, -1] }, good with { WithMissing = [2] }, good with { WithMissing = [1, 0] },
        ];
        foreach (FeatureScaling scaling in bad)
        {
            Assert.ThrowsExactly<ArgumentException>(scaling.Check);
        }
    }

    private static void AssertInputs(FeatureScaling scaling, float[] row, params double[] expected)
    {
        float[] actual = Inputs(scaling, row, limit: 4);
        Assert.AreEqual("", string.Join(", ", expected.Zip(actual).Where(pair => Math.Abs(pair.First - pair.Second) > 1e-5)));
        Assert.HasCount(expected.Length, actual);
    }

    private static float[] Inputs(FeatureScaling scaling, float[] row, double limit)
    {
        float[] inputs = new float[scaling.InputWidth];
        scaling.Fill(row, limit, inputs);
        return inputs;
    }
}

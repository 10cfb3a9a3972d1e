using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Llm;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class LearningCheckTests
{
    [TestMethod]
    public void Guessing_costs_the_entropy_of_the_answers_over_their_tokens()
    {
        Assert.AreEqual(Math.Log(2), LearningCheck.GuessingLoss(["True", "False"], [1, 1])!.Value, 1e-12);
        Assert.AreEqual(Math.Log(2) / 3, LearningCheck.GuessingLoss(["True", "False"], [2, 4])!.Value, 1e-12);
        Assert.AreEqual(0, LearningCheck.GuessingLoss(["True", "True"], [1, 1]));
        string[] answersOfTheirOwn = [.. Enumerable.Range(0, 17).Select(row => $"city {row}")];
        Assert.IsNull(LearningCheck.GuessingLoss(answersOfTheirOwn, [.. Enumerable.Repeat(1, 17)]));
        Assert.IsNull(LearningCheck.GuessingLoss([], []));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Labels_without_a_rule_are_said_to_have_taught_nothing(bool isHeldOut)
    {
        // Whether a fact counts as true is drawn, so neither words nor evidence tell.
        var random = new Random(3);
        List<string> warnings = Warnings(_ => random.Next(2) == 0, isHeldOut ? 40 : 0, epochs: 2);
        string said = warnings.Single(warning => warning.Contains("learned nothing", StringComparison.Ordinal));
        StringAssert.Contains(said, isHeldOut ? "ROC curve" : "its loss is");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Labels_that_follow_from_the_relation_are_learned_without_a_warning(bool isHeldOut)
    {
        List<string> warnings = Warnings(relation => relation != "speaks", isHeldOut ? 40 : 0, epochs: 6);
        Assert.IsEmpty(warnings.FindAll(warning => warning.Contains("learned nothing", StringComparison.Ordinal)));
    }

    private static List<string> Warnings(Func<string, bool> label, int heldOut, int epochs)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        var ml = new MLContext(seed: 1);
        List<string> warnings = ml.Messages();
        IDataView rows = ml.Data.LoadFromEnumerable(Pipelines.Graph.Triples(GraphSplit.Train).ToArray().Select(
            triple => TripleRow.Of(triple, label(Pipelines.Graph.Relations[triple.Relation]))));
        using SgmTransformer stage1 = Pipelines.Fit();
        GmtFinetuneEstimator.Options options = GmtPipelines.Options with
        {
            HeldOutRows = heldOut,
            Training = GmtPipelines.Options.Training with { NumberOfEpochs = epochs },
        };
        using GmtTransformer model = ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options).Fit(stage1.Transform(rows));
        return warnings;
    }
}

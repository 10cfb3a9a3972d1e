using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>A negative that was drawn sees the edges that the triple it was drawn from sees, in both stages.</summary>
[TestClass]
public sealed class TripleBindingTests
{
    private static readonly IDataView s_rows = Pipelines.Graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);

    [TestMethod]
    public void The_entity_that_a_negative_shares_with_its_true_triple_has_one_vector_in_both()
    {
        using SgmTransformer model = Pipelines.Fit();
        Assert.AreEqual(0, Differing(model), "vectors that tell the rows apart");
        var names = new TripleColumnNames { ReplacedHead = null, ReplacedTail = null };
        using SgmTransformer blind = Pipelines.Fit(Pipelines.Options with { Columns = names });
        Assert.IsGreaterThan(s_rows.GetRowCount()!.Value / 4, Differing(blind), "without the column most tell");
    }

    [TestMethod]
    public void Evidence_and_questions_hide_the_true_triple()
    {
        using SgmTransformer model = Pipelines.Fit();
        TripleQuery?[] hidden = [.. model.Transform(s_rows).GetColumn<GraphEvidence>("Evidence").Select(evidence => evidence.Query)];
        for (int row = 0; row < hidden.Length; row += 2)
        {
            Assert.AreEqual(hidden[row]!.Value.Triple, hidden[row]!.Value.Hidden);
            Assert.AreEqual(hidden[row]!.Value.Triple, hidden[row + 1]!.Value.Hidden);
            Assert.AreNotEqual(hidden[row]!.Value.Triple, hidden[row + 1]!.Value.Triple);
        }

        using TransformerChain<GmtTransformer> untrained = GmtPipelines.Fit(
            GmtPipelines.Options with { Training = new GmtTrainingOptions { NumberOfEpochs = 0 } });
        IHost host = ((IHostEnvironment)new MLContext()).Register("test");
        var reader = new QuestionReader(s_rows.Schema, untrained.LastTransformer.Settings);
        NameCount count = new UnknownNames(host, UnknownNameHandling.Missing, UnknownNames.LeftOut).NewCount();
        InstructionExample[] questions = [.. reader.Read(s_rows, Pipelines.Graph, count)];
        CollectionAssert.AreEqual(hidden, questions.Select(question => (TripleQuery?)question.Query).ToArray());
    }

    [TestMethod]
    public void A_column_of_that_name_must_hold_names()
    {
        using SgmTransformer model = Pipelines.Fit();
        var ml = new MLContext();
        IDataView wrong = ml.Data.LoadFromEnumerable([new Wrong()]);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Transform(wrong).Preview()).Message, "ReplacedTail");
    }

    private static int Differing(SgmTransformer model)
    {
        IDataView view = model.Transform(s_rows);
        string[] heads = [.. view.GetColumn<string>("Head")];
        float[][] headVectors = [.. view.GetColumn<float[]>("HeadEmbedding")], tailVectors = [.. view.GetColumn<float[]>("TailEmbedding")];
        return Enumerable.Range(0, heads.Length / 2).Count(pair => heads[2 * pair] == heads[(2 * pair) + 1]
            ? !headVectors[2 * pair].AsSpan().SequenceEqual(headVectors[(2 * pair) + 1])
            : !tailVectors[2 * pair].AsSpan().SequenceEqual(tailVectors[(2 * pair) + 1]));
    }

    private sealed class Wrong
    {
        public string Head { get; set; } = "person 1";

        public string Relation { get; set; } = "knows";

        public string Tail { get; set; } = "person 2";

        public float ReplacedTail { get; set; }
    }
}

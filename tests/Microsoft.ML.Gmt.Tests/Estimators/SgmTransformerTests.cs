using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class SgmTransformerTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static readonly PredictionEngineOptions Borrowed = new() { OwnsTransformer = false };
    private static SgmTransformer s_model = null!;

    private static IDataView Test => Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);

    [ClassInitialize]
    public static void Train(TestContext _) => s_model = Pipelines.Fit();

    [ClassCleanup]
    public static void CleanUp() => s_model.Dispose();

    [TestMethod]
    public void Columns_have_their_types_slot_names_and_the_annotations_of_scores()
    {
        DataViewSchema schema = s_model.GetOutputSchema(Test.Schema);
        CollectionAssert.AreEqual(
            new[]
            {
                "Head", "Relation", "Tail", "Label", "Evidence", "Score", "Probability", "PredictedLabel", "HeadEmbedding", "TailEmbedding",
                "Known",
            },
            schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(GraphEvidenceDataViewType.Instance, schema["Evidence"].Type);
        Assert.AreEqual(NumberDataViewType.Single, schema["Score"].Type);
        Assert.AreEqual(BooleanDataViewType.Instance, schema["PredictedLabel"].Type);
        Assert.AreEqual(16, ((VectorDataViewType)schema["TailEmbedding"].Type).Size);
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["TailEmbedding"].GetSlotNames(ref names);
        Assert.AreEqual("Tail15", names.GetItemOrDefault(15).ToString());
        ReadOnlyMemory<char> kind = default;
        schema["Score"].Annotations.GetValue("ScoreColumnKind", ref kind);
        Assert.AreEqual("BinaryClassification", kind.ToString());
        Assert.AreEqual(schema.ToString(), s_model.Transform(Test).Schema.ToString());
    }

    [TestMethod]
    public void Values_are_those_of_the_module()
    {
        ScoredRow[] rows = Pipelines.Score(s_model, Test);
        Triple[] triples = [.. Pipelines.Graph.Triples(GraphSplit.Test), .. Pipelines.Graph.Negatives(GraphSplit.Test)];
        using var scope = NewDisposeScope();
        GraphEdgeStates states = new GraphEdgeStateIndex(Pipelines.Graph, s_model.Module).Current;
        Near.Absolute(
            tensor(rows.Select(row => row.Score).ToArray()), new SgmForward(s_model.Module, states).Score(triples), 1e-6, "scores");
        Near.Absolute(
            tensor(rows.SelectMany(row => row.TailEmbedding).ToArray()),
            new SgmForward(s_model.Module, states).EncodeEntities([.. triples.Select(triple => triple.Tail)]).flatten(), 1e-6, "tails");
        foreach ((ScoredRow row, Triple triple) in rows.Zip(triples))
        {
            Assert.AreEqual(1 / (1 + Math.Exp(-row.Score)), row.Probability, 1e-6);
            Assert.AreEqual(row.Score > 0, row.PredictedLabel);
            Assert.AreEqual(triple, row.Evidence.Triple);
            Assert.AreSame(s_model.Module, row.Evidence.Model.Module);
            CollectionAssert.AreEqual(
                TripleEvidence.Collect(states, [triple], QueryMask.Full).Rows[0].Edges.ToArray(),
                Read(row.Evidence).Edges.ToArray());
        }
    }

    [TestMethod]
    public void A_fact_that_was_trained_on_looks_as_if_the_graph_never_had_it()
    {
        Triple fact = Pipelines.Graph.Triples(GraphSplit.Train)[7];
        var builder = new KnowledgeGraphBuilder(Pipelines.Graph.Entities.Names, Pipelines.Graph.Relations.Names);
        builder.AddRange([.. Pipelines.Graph.Triples(GraphSplit.Train).ToArray().Where(triple => triple != fact)]);
        using SgmTransformer without = OtherGraph(s_model, builder.Build(), s_model.Settings);
        using SgmTransformer unmasked = OtherGraph(s_model, Pipelines.Graph, s_model.Settings with { MaskQuery = false });
        IDataView row = Ml.Data.LoadFromEnumerable([TripleRow.Of(fact)]);
        (ScoredRow masked, ScoredRow never, ScoredRow seen) =
            (Pipelines.Score(s_model, row)[0], Pipelines.Score(without, row)[0], Pipelines.Score(unmasked, row)[0]);
        Assert.AreEqual(never.Score, masked.Score, 1e-6);
        CollectionAssert.AreEqual(
            never.HeadEmbedding.Select(value => MathF.Round(value, 5)).ToArray(),
            masked.HeadEmbedding.Select(value => MathF.Round(value, 5)).ToArray());
        Assert.AreNotEqual(never.Score, seen.Score, 1e-4, "without a mask the fact is seen");
        Assert.HasCount(Read(seen.Evidence).Edges.Count - 2, Read(masked.Evidence).Edges.ToArray());
    }

    [TestMethod]
    public void Evidence_and_source_columns_take_no_forward_pass()
    {
        IDataView view = s_model.Transform(Test);
        DisposeScopeManager.Statistics.Reset();
        Assert.HasCount(36, view.GetColumn<GraphEvidence>("Evidence").ToArray());
        Assert.HasCount(36, view.GetColumn<string>("Head").ToArray());
        Assert.AreEqual(0, DisposeScopeManager.Statistics.CreatedInScopeCount);
        Assert.HasCount(36, view.GetColumn<float>("Score").ToArray());
        Assert.AreNotEqual(0, DisposeScopeManager.Statistics.CreatedInScopeCount);
    }

    [TestMethod]
    public void A_prediction_engine_computes_what_its_output_asks_for()
    {
        var row = new TripleRow { Head = "person 3", Relation = "speaks", Tail = "language of Poland" };
        using PredictionEngine<TripleRow, EvidenceOnly> evidence =
            Ml.Model.CreatePredictionEngine<TripleRow, EvidenceOnly>(s_model, Borrowed);
        DisposeScopeManager.Statistics.Reset();
        Assert.AreEqual("(person 3, speaks, language of Poland)", evidence.Predict(row).Evidence.ToString());
        Assert.AreEqual(0, DisposeScopeManager.Statistics.CreatedInScopeCount);
        using PredictionEngine<TripleRow, ScoredRow> engine = Ml.Model.CreatePredictionEngine<TripleRow, ScoredRow>(s_model, Borrowed);
        ScoredRow expected = Pipelines.Score(s_model, Ml.Data.LoadFromEnumerable([row]))[0];
        for (int i = 0; i < 3; i++)
        {
            var unknown = new TripleRow { Head = $"nobody {i}", Relation = "speaks", Tail = "Latin" };
            Assert.IsTrue(float.IsNaN(engine.Predict(unknown).Probability));
            ScoredRow actual = engine.Predict(row);
            Assert.AreEqual(expected.Score, actual.Score);
            CollectionAssert.AreEqual(expected.TailEmbedding, actual.TailEmbedding);
        }
    }

    [TestMethod]
    public void Unknown_names_have_no_verdict_and_empty_evidence_and_are_counted()
    {
        var ml = new MLContext();
        List<string> log = ml.Messages();
        using var stream = new MemoryStream();
        Ml.Model.Save(s_model, null, stream);
        stream.Position = 0;
        using var model = (SgmTransformer)ml.Model.Load(stream, out _);
        IDataView view = model.Transform(Ml.Data.LoadFromEnumerable(
        [
            new TripleRow { Head = "person 1", Relation = "speaks", Tail = "Latin" },
            new TripleRow { Head = "person 1", Relation = "speaks", Tail = "language of Italy" },
            new TripleRow { Head = "person 1", Relation = "sings", Tail = "language of Italy" },
            new TripleRow { Head = "", Relation = "speaks", Tail = "language of Italy" },
        ]));
        ScoredRow[] rows = [.. Ml.Data.CreateEnumerable<ScoredRow>(view, reuseRowObject: false)];
        foreach (int unknown in new[] { 0, 2, 3 })
        {
            Assert.IsTrue(float.IsNaN(rows[unknown].Score) && float.IsNaN(rows[unknown].Probability));
            Assert.AreEqual((false, false), (rows[unknown].PredictedLabel, rows[unknown].Known));
            Assert.IsNull(rows[unknown].Evidence.Triple);
            Assert.IsTrue(rows[unknown].HeadEmbedding.All(value => value == 0));
        }

        Assert.IsTrue(rows[1].Known && float.IsFinite(rows[1].Score));
        _ = view.GetColumn<float>("Score").ToArray();
        string[] named = [.. log.Where(message => message.Contains("the graph has no entity 'Latin'", StringComparison.Ordinal))];
        Assert.HasCount(1, named, string.Join('\n', log));
        StringAssert.Contains(named[0], "Row 0 (tail column 'Tail')");
        Assert.HasCount(2, log.Where(message => message.Contains("3 of 4 rows have names that the graph lacks", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Keys_give_what_text_gives()
    {
        IDataView keys = Ml.Transforms.Conversion.MapValueToKey(
            [new("Head", "Head"), new("Relation", "Relation"), new("Tail", "Tail")]).Fit(Test).Transform(Test);
        CollectionAssert.AreEqual(
            s_model.Transform(Test).GetColumn<float>("Score").ToArray(), s_model.Transform(keys).GetColumn<float>("Score").ToArray());
    }

    [TestMethod]
    public void Missing_and_mistyped_columns_are_refused_in_the_words_of_ML_NET()
    {
        IDataView noTail = Ml.Transforms.DropColumns("Tail").Fit(Test).Transform(Test);
        IDataView number = Ml.Transforms.CopyColumns("Head", "Label").Fit(Test).Transform(Test);
        IDataView bareKey = Ml.Transforms.Conversion.Hash("Relation").Fit(Test).Transform(Test);
        (IDataView, string)[] cases =
        [
            (noTail, "Could not find tail column 'Tail'"),
            (number, "Schema mismatch for head column 'Head': expected String or Key with text key values, got Boolean"),
            (bareKey, "Schema mismatch for relation column 'Relation': expected String or Key with text key values, got Key<UInt32"),
        ];
        foreach ((IDataView data, string message) in cases)
        {
            StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_model.Transform(data)).Message, message);
            StringAssert.StartsWith(
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_model.GetOutputSchema(data.Schema)).Message, message);
            StringAssert.StartsWith(
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                    () => Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options).Fit(data)).Message, message);
        }
    }

    /// <summary>The same weights over another graph or with other settings.</summary>
    private static SgmTransformer OtherGraph(SgmTransformer model, KnowledgeGraph graph, SgmTransformerSettings settings)
    {
        using SgmScorer copy = model.Model.Clone();
        using var scope = NewDisposeScope();
        var module = new SgmModule(copy.Module.Options, copy.Module.RelationSemantics.Weight, new RandomStreams(0));
        SgmStateDict.Load(module, SgmStateDict.Of(copy.Module).ToDictionary(), "copy");
        return new SgmTransformer(Ml, new SgmScorer(module, graph), settings, TrainingHistory.Empty);
    }

    private static EvidenceRow Read(GraphEvidence evidence) =>
        TripleEvidence.Collect(evidence.Model.States, [evidence.Triple!.Value], evidence.Mask).Rows[0];

    private sealed class EvidenceOnly
    {
        [GraphEvidenceType]
        public GraphEvidence Evidence { get; set; } = null!;
    }
}

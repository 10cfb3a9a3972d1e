using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class FeaturizeTriplesTests
{
    private static readonly KnowledgeGraph Graph = Pipelines.Graph;

    [TestMethod]
    public void Slots_have_names_in_the_schema_before_and_after_fitting()
    {
        MLContext ml = new(seed: 1);
        IDataView rows = Graph.ToLabeledDataView(GraphSplit.Validation);
        using FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples("Features", Graph).Fit(rows);
        DataViewSchema.Column column = features.GetOutputSchema(rows.Schema)["Features"];
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        string[] slots = [.. names.DenseValues().Select(name => name.ToString())];
        CollectionAssert.AreEqual(features.SlotNames.ToArray(), slots);
        CollectionAssert.AllItemsAreUnique(slots);
        CollectionAssert.Contains(slots, "EdgeMemory.Sum");
        Assert.AreEqual(slots.Length, ((VectorDataViewType)column.Type).Size);
    }

    [TestMethod]
    public void A_row_with_an_unknown_name_has_missing_values_and_a_warning()
    {
        var ml = new MLContext(seed: 1);
        List<string> messages = [];
        ml.Log += (_, message) => messages.Add(message.Message);
        IDataView rows = ml.Data.LoadFromEnumerable(new[]
        {
            new TripleRow { Head = "person 0", Relation = "speaks", Tail = "language of Italy" },
            new TripleRow { Head = "nobody", Relation = "speaks", Tail = "language of Italy" },
        });
        using FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples("Features", Graph).Fit(rows);
        IDataView result = features.Transform(rows);
        float[][] values = [.. result.GetColumn<float[]>("Features")];
        CollectionAssert.AreEqual(new[] { true, false }, result.GetColumn<bool>("Known").ToArray());
        Assert.IsTrue(Array.TrueForAll(values[0], float.IsFinite));
        Assert.IsTrue(Array.TrueForAll(values[1], float.IsNaN));
        Assert.IsTrue(messages.Exists(message => message.Contains("their features are NaN", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Labels_and_held_out_triples_change_no_bit()
    {
        IDataView rows = Graph.ToDataView(GraphSplit.Train, negativesPerPositive: 2);
        float[][] values = Compute(Graph, rows);
        MLContext ml = new();
        IDataView wrong = ml.Data.LoadFromEnumerable(ml.Data.CreateEnumerable<LabeledRow>(rows, reuseRowObject: false)
            .Select((row, i) => new LabeledRow
            {
                Head = row.Head,
                Relation = row.Relation,
                Tail = row.Tail,
                ReplacedHead = row.ReplacedHead,
                ReplacedTail = row.ReplacedTail,
                Label = i % 5 < 2,
            }));
        var builder = new KnowledgeGraphBuilder(Graph.Entities.Names, Graph.Relations.Names);
        builder.AddRange(Graph.Triples(GraphSplit.Train));
        builder.AddRange(Graph.Negatives(GraphSplit.Validation), GraphSplit.Test);
        float[][] again = Compute(builder.Build(), wrong);
        for (int row = 0; row < values.Length; row++)
        {
            CollectionAssert.AreEqual(values[row], again[row]);
        }
    }

    [TestMethod]
    public void A_drawn_negative_does_not_see_the_triple_it_was_drawn_from()
    {
        IDataView rows = Graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);
        float[][] values = Compute(Graph, rows);
        Triple positive = Graph.Triples(GraphSplit.Train)[0];
        var builder = new KnowledgeGraphBuilder(Graph.Entities.Names, Graph.Relations.Names);
        builder.AddRange(Graph.Triples(GraphSplit.Train).ToArray()[1..].Where(triple => triple != positive).ToArray());
        float[][] without = Compute(builder.Build(), rows);
        for (int slot = 0; slot < values[0].Length; slot++)
        {
            Assert.AreEqual(without[0][slot], values[0][slot], 2e-4 * (1 + Math.Abs(without[0][slot])), $"slot {slot} of the positive");
            Assert.AreEqual(without[1][slot], values[1][slot], 2e-4 * (1 + Math.Abs(without[1][slot])), $"slot {slot} of its negative");
        }
    }

    [TestMethod]
    public void Boosted_trees_take_the_vector_as_it_is_and_the_chain_is_saved_and_loaded()
    {
        MLContext ml = new(seed: 1);
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(Path.Combine(Goldens.RepositoryRoot, "examples", "data", "codex-s"));
        IDataView train = graph.ToLabeledDataView(GraphSplit.Validation), test = graph.ToLabeledDataView(GraphSplit.Test);
        var features = ml.Transforms.FeaturizeTriples("Features", graph);
        foreach (IEstimator<ITransformer> trainer in new IEstimator<ITransformer>[]
            { ml.BinaryClassification.Trainers.LightGbm(), ml.BinaryClassification.Trainers.FastTree() })
        {
            using var model = features.Append(trainer).Fit(train);
            CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(model.Transform(test));
            Console.WriteLine($"{trainer.GetType().Name}: {metrics.Accuracy:p2}");
            Assert.IsGreaterThan(0.83, metrics.Accuracy, $"{trainer.GetType().Name}; the majority of the relation has 0.78");

            using var folder = new TemporaryFolder();
            string path = Path.Combine(folder.Path, "facts.zip");
            ml.Model.SaveAtomically(model, train.Schema, path);
            ITransformer loaded = new MLContext().Model.Load(path, out _);
            float[] Probabilities(ITransformer by) => [.. by.Transform(test).GetColumn<float>("Probability")];
            CollectionAssert.AreEqual(Probabilities(model), Probabilities(loaded));
        }
    }

    [TestMethod]
    public void A_file_of_ones_own_gives_finite_features_with_nothing_set_and_trees_that_beat_a_guess()
    {
        MLContext ml = new(seed: 1);
        string file = Path.Combine(Goldens.RepositoryRoot, "examples", "data", "products.csv");
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(file).Split(seed: 1);
        IDataView learned = graph.ToDataView(GraphSplit.Validation, 1), judged = graph.ToDataView(GraphSplit.Test, 1);
        using FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples("Features", graph).Fit(learned);
        IDataView all = features.Transform(graph.ToDataView());
        Assert.IsTrue(all.GetColumn<float[]>("Features").All(row => Array.TrueForAll(row, float.IsFinite)));
        var trees = ml.BinaryClassification.Trainers.FastTree().Fit(features.Transform(learned));
        CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(trees.Transform(features.Transform(judged)));
        Assert.IsGreaterThan(0.7, metrics.AreaUnderRocCurve);
    }

    [TestMethod]
    public void Neighbors_by_text_are_saved_with_the_features()
    {
        MLContext ml = new(seed: 1);
        var random = new System.Random(1);
        float[] Vector() => [(float)random.NextDouble() - 0.4f, (float)random.NextDouble(), 0.1f];
        float[][] vectors = [.. Graph.Entities.Names.Select((_, i) => i == 3 ? [] : Vector())];
        IDataView rows = Graph.ToDataView();
        using FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples(
            "Features", Graph, new FeaturizeTriplesEstimator.Options { EntityVectors = vectors }).Fit(rows);
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "features.zip");
        ml.Model.Save(features, rows.Schema, path);
        using var loaded = (FeaturizeTriplesTransformer)ml.Model.Load(path, out _);
        int slot = features.SlotNames.ToList().IndexOf("Tail.Text.Kind");
        float[] votes = [.. features.Transform(rows).GetColumn<float[]>("Features").Select(row => row[slot])];
        Assert.IsGreaterThan(10, votes.Count(vote => vote > 0));
        CollectionAssert.AreEqual(votes, loaded.Transform(rows).GetColumn<float[]>("Features").Select(row => row[slot]).ToArray());
    }

    [TestMethod]
    public void Wrong_options_are_refused_before_any_work()
    {
        MLContext ml = new();
        Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.FeaturizeTriples("Known", Graph));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Featurize(new() { EdgeMemoryRegularization = 0 }));
        var vectors = Assert.ThrowsExactly<ArgumentException>(() => Featurize(new() { EntityVectors = [[1]] }));
        StringAssert.Contains(vectors.Message, "one for each");
        FeatureScorer named = FeatureScorer.Of("EdgeMemory", new MemorizingEstimator(Graph));
        var twice = Assert.ThrowsExactly<ArgumentException>(() => Featurize(new() { Scorers = [named] }));
        StringAssert.Contains(twice.Message, "'EdgeMemory'");
        FeatureScorer columns = FeatureScorer.Of("Columns", ml.Transforms.CopyColumns("A", "Head"));
        Assert.ThrowsExactly<ArgumentException>(() => Featurize(new() { Scorers = [columns] }).Fit(Graph.ToDataView()));

        FeaturizeTriplesEstimator Featurize(FeaturizeTriplesEstimator.Options options) =>
            ml.Transforms.FeaturizeTriples("Features", Graph, options);
    }

    private static float[][] Compute(KnowledgeGraph graph, IDataView rows)
    {
        using FeaturizeTriplesTransformer features = new MLContext(seed: 1).Transforms.FeaturizeTriples("Features", graph).Fit(rows);
        return [.. features.Transform(rows).GetColumn<float[]>("Features")];
    }

    private sealed class LabeledRow
    {
        public string Head { get; set; } = "";

        public string Relation { get; set; } = "";

        public string Tail { get; set; } = "";

        public bool Label { get; set; }

        public string ReplacedHead { get; set; } = "";

        public string ReplacedTail { get; set; } = "";
    }
}

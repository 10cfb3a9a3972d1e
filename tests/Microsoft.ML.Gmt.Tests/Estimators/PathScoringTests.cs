using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Paths;
using Microsoft.ML.Gmt.Tests.Runtime;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class PathScoringTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void Columns_are_the_scorers_numbers_with_each_rows_own_edges_hidden()
    {
        using PathScoringTransformer model = Fit();
        Triple[] triples = [.. Pipelines.Graph.Triples(GraphSplit.Train)[..40], .. Pipelines.Graph.Triples(GraphSplit.Test)];
        PathRow[] rows = Rows(model, triples.Select(triple => TripleRow.Of(triple)));
        float[] heads = new float[triples.Length], tails = new float[triples.Length], scores = new float[triples.Length];
        model.Model.ScoreSides(TripleQuery.Of(triples), QueryMask.Full, heads, tails);
        model.Scorer.Score(triples, QueryMask.Full, scores);
        CollectionAssert.AreEqual(heads, rows.Select(row => row.HeadScore).ToArray());
        CollectionAssert.AreEqual(tails, rows.Select(row => row.TailScore).ToArray());
        CollectionAssert.AreEqual(scores, rows.Select(row => row.Score).ToArray());
        Assert.IsTrue(rows.All(row => row.Known));
        model.Scorer.Score(triples, QueryMask.None, heads);
        CollectionAssert.AreNotEqual(heads, scores, "the mask matters");
    }

    [TestMethod]
    public void A_row_with_unknown_names_has_no_score()
    {
        using PathScoringTransformer model = Fit();
        StringAssert.Contains(model.ToString(), $"path model of {Pipelines.Graph}; weights: ");
        TripleRow known = TripleRow.Of(Pipelines.Graph.Triples(GraphSplit.Test)[0]);
        PathRow[] rows = Rows(model, [known, new TripleRow { Head = "nobody", Relation = known.Relation, Tail = known.Tail }, known]);
        Assert.IsFalse(rows[1].Known);
        Assert.IsTrue(float.IsNaN(rows[1].Score) && float.IsNaN(rows[1].HeadScore) && float.IsNaN(rows[1].TailScore));
        Assert.IsTrue(rows[0].Known && float.IsFinite(rows[0].Score));
        Assert.AreEqual(rows[0].Score, rows[2].Score);

        using PathScoringTransformer strict = Fit(new() { UnknownNameHandling = UnknownNameHandling.Error });
        TripleRow nobody = new() { Head = "nobody", Relation = "knows", Tail = "person 1" };
        Assert.ThrowsExactly<UnknownNameException>(() => Rows(strict, [nobody]));
    }

    [TestMethod]
    public void The_estimator_promises_the_schema_that_the_transformer_has_and_reads_no_rows()
    {
        IDataView rows = Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);
        PathScoringEstimator estimator = Estimator(new() { Outputs = new PathOutputColumnNames { Score = "Path" } });
        using PathScoringTransformer model = estimator.Fit(rows);
        SchemaShape promised = estimator.GetOutputSchema(SchemaShapeOf(rows.Schema));
        DataViewSchema schema = model.GetOutputSchema(rows.Schema);
        CollectionAssert.AreEquivalent(schema.Select(column => column.Name).ToArray(), promised.Select(column => column.Name).ToArray());
        Assert.AreEqual(NumberDataViewType.Single, schema["Path"].Type);
        Assert.AreEqual(NumberDataViewType.Single, schema["HeadScore"].Type);
        Assert.AreEqual(BooleanDataViewType.Instance, schema["Known"].Type);
        Assert.IsTrue(model.IsRowToRowMapper);

        // ML.NET's evaluators know the score by its annotations.
        IDataView judged = Ml.Transforms.CopyColumns("PredictedLabel", "Known").Fit(rows = model.Transform(rows)).Transform(rows);
        Assert.IsGreaterThan(0, Ml.BinaryClassification.EvaluateNonCalibrated(judged, scoreColumnName: "Path").PositiveRecall);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Ml.Data.LoadFromEnumerable(new[] { new { Head = "a" } })));
    }

    [TestMethod]
    public void A_process_that_never_touched_the_library_gets_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        IDataView rows = Pipelines.Graph.ToDataView(GraphSplit.Test);
        using PathScoringTransformer model = Fit();
        Ml.Model.Save(model, rows.Schema, folder["model.zip"]);
        TripleRow[] triples = [.. Ml.Data.CreateEnumerable<TripleRow>(rows, reuseRowObject: false)];
        folder.With("rows.tsv", string.Concat(triples.Select(row => $"{row.Head}\t{row.Relation}\t{row.Tail}\n")));
        (int exitCode, string output, string error) = ProbeProcess.Run($"transform {folder["model.zip"]} {folder["rows.tsv"]}");
        Assert.AreEqual(0, exitCode, error);
        string[] bits = [.. Rows(model, triples).Select(row => $"{BitConverter.SingleToInt32Bits(row.Score):x8}")];
        CollectionAssert.AreEqual((string[])["library loaded: False", .. bits, bits[0]], output.Split('\n'));
    }

    [TestMethod]
    public void Without_a_file_the_model_that_the_library_carries_scores_and_an_archive_still_knows_what_it_saw()
    {
        using var stream = new MemoryStream();
        IDataView rows = Pipelines.Graph.ToDataView(GraphSplit.Test);
        using PathScoringTransformer model = Ml.Transforms.ApplyPathModel(Pipelines.Graph).Fit(rows);
        using PathScoringTransformer named = Ml.Transforms.ApplyPathModel(
            Pipelines.Graph, new PathScoringEstimator.Options { Outputs = new PathOutputColumnNames { Score = "Path" } }).Fit(rows);
        Ml.Model.Save(model, rows.Schema, stream);
        stream.Position = 0;
        using var loaded = (PathScoringTransformer)Ml.Model.Load(stream, out _);
        Assert.AreEqual(model.Origin, loaded.Origin);
        CollectionAssert.AreEqual((string[])["FB15k-237", "WN18RR"], loaded.Origin.PretrainedOn!.ToArray());
        float[] scores = [.. model.Transform(rows).GetColumn<float>("Score")];
        Assert.IsTrue(scores.Length > 0 && scores.All(float.IsFinite));
        CollectionAssert.AreEqual(scores, loaded.Transform(rows).GetColumn<float>("Score").ToArray());
        CollectionAssert.AreEqual(scores, named.Transform(rows).GetColumn<float>("Path").ToArray());
        Assert.ThrowsExactly<ArgumentNullException>(() => Ml.Transforms.ApplyPathModel(null!));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Transforms.ApplyPathModel(
            Pipelines.Graph, new PathScoringEstimator.Options { TransformBatchSize = 0 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Transforms.ApplyPathModel(
            Pipelines.Graph, new PathScoringEstimator.Options { MaximumExpandedEntities = 0 }));
    }

    [TestMethod]
    public void Weights_graph_and_origin_are_saved_and_nothing_of_the_checkpoints_file_is_needed()
    {
        using var stream = new MemoryStream();
        IDataView rows = Pipelines.Graph.ToDataView(GraphSplit.Test);
        using PathScoringTransformer model = Fit(new() { Mask = QueryMask.None, TransformBatchSize = 3, MaximumExpandedEntities = 2 });
        Ml.Model.Save(model, rows.Schema, stream);
        stream.Position = 0;
        using var loaded = (PathScoringTransformer)Ml.Model.Load(stream, out _);
        Assert.AreEqual(model.Settings, loaded.Settings);
        Assert.AreEqual(QueryMask.None, loaded.Mask);
        Assert.AreEqual(2, loaded.Settings.MaximumExpandedEntities);
        Assert.AreEqual(model.Origin, loaded.Origin);
        CollectionAssert.AreEqual(
            model.Transform(rows).GetColumn<float>("Score").ToArray(), loaded.Transform(rows).GetColumn<float>("Score").ToArray());
        using var archive = new ZipArchive(stream);
        string[] names = [.. archive.Entries.Select(entry => entry.Name)];
        foreach (string file in (string[])["config.json", "weights.safetensors", "graph.gmtgraph", "manifest.txt"])
        {
            CollectionAssert.Contains(names, file);
        }
    }

    [TestMethod]
    public void Ranks_are_those_of_the_scorer()
    {
        using PathScoringTransformer model = Fit();
        IDataView test = Pipelines.Graph.ToDataView(GraphSplit.Test);
        double expected = EntityRanking.MeanReciprocalRank(EntityRanking.Rank(
            model.Scorer, Pipelines.Graph.Triples(GraphSplit.Test).ToArray(), new KnownTriples(Pipelines.Graph), QueryMask.Full));
        Assert.AreEqual(expected, Ml.Ranking.EvaluateLinkPrediction(model.RankEntities(test)).MeanReciprocalRank, 1e-12);
    }

    [TestMethod]
    public void No_tensor_is_left_by_reading_scoring_saving_and_loading()
    {
        IDataView rows = Pipelines.Graph.ToDataView(GraphSplit.Test);
        LiveTensors.StayTheSame(() =>
        {
            using PathScoringTransformer model = Fit();
            using var stream = new MemoryStream();
            Ml.Model.Save(model, rows.Schema, stream);
            stream.Position = 0;
            using var loaded = (PathScoringTransformer)Ml.Model.Load(stream, out _);
            Assert.AreEqual(
                rows.GetColumn<string>("Head").Count(), loaded.Transform(rows).GetColumn<float>("Score").Count(float.IsFinite));
        });
    }

    [TestMethod]
    public void A_disposed_transformer_answers_no_more()
    {
        PathScoringTransformer model = Fit();
        ITripleScorer scorer = model.Scorer;
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Transform(Pipelines.Graph.ToDataView()));
        Assert.ThrowsExactly<ObjectDisposedException>(() => scorer.Score(new[] { new Triple(0, 0, 1) }, QueryMask.None, new float[1]));
    }

    [TestMethod]
    public void Bad_arguments_are_refused_before_any_work()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<ArgumentNullException>(() => Ml.Transforms.ApplyPathModel(null!, "a.pth"));
        Assert.ThrowsExactly<FileNotFoundException>(() => Ml.Transforms.ApplyPathModel(Pipelines.Graph, folder["none.pth"]));
        Assert.ThrowsExactly<WeightFileException>(
            () => Ml.Transforms.ApplyPathModel(Pipelines.Graph, folder.With("text.pth", "text")["text.pth"]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Estimator(new() { TransformBatchSize = 0 }));
        Assert.ThrowsExactly<ArgumentException>(() => Estimator(new() { Outputs = new PathOutputColumnNames { HeadScore = "Score" } }));
    }

    [TestMethod]
    public void A_graph_of_a_users_own_is_ranked_by_a_published_checkpoint()
    {
        KnowledgeGraph graph = Ml.Data.LoadKnowledgeGraph(Path.Combine(Goldens.RepositoryRoot, "examples", "data", "products.csv")).Split();
        using PathScoringTransformer model = Ml.Transforms.ApplyPathModel(graph, UltraGolden.CheckpointPath("50g")).Fit(graph.ToDataView());
        double rank = Ml.Ranking.EvaluateLinkPrediction(model.RankEntities(graph.ToDataView(GraphSplit.Test))).MeanReciprocalRank;
        double byChance = Enumerable.Range(1, graph.Entities.Count).Average(place => 1.0 / place);
        Assert.IsGreaterThan(3 * byChance, rank);
        CollectionAssert.Contains(model.Origin.PretrainedOn!.ToArray(), "CoDEx-S");
    }

    private static PathScoringEstimator Estimator(PathScoringEstimator.Options? options = null)
    {
        using var folder = new TemporaryFolder();
        return Ml.Transforms.ApplyPathModel(Pipelines.Graph, TinyPathModel.Write(folder["tiny.pth"]), options ?? new());
    }

    private static PathScoringTransformer Fit(PathScoringEstimator.Options? options = null) =>
        Estimator(options).Fit(Pipelines.Graph.ToDataView());

    private static PathRow[] Rows(PathScoringTransformer model, IEnumerable<TripleRow> rows) =>
        [.. Ml.Data.CreateEnumerable<PathRow>(model.Transform(Ml.Data.LoadFromEnumerable(rows)), reuseRowObject: false)];

    internal static SchemaShape SchemaShapeOf(DataViewSchema schema) => MlNetInternals.Shape(schema);

    private sealed class PathRow
    {
        public float Score { get; set; }

        public float HeadScore { get; set; }

        public float TailScore { get; set; }

        public bool Known { get; set; }
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.ML.Gmt.Extensions;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Extensions;

[TestClass]
public sealed class PredictionEnginePoolTests
{
    private static readonly TripleRow Question = new() { Head = "E12", Relation = "P1", Tail = "E39" };
    private static readonly TemporaryFolder Folder = new();

    private static string Archive => Folder["paths.zip"];

    [ClassInitialize]
    public static void Save(TestContext _) => EarlierModel.SavePathModel(Archive);

    [ClassCleanup]
    public static void CleanUp() => Folder.Dispose();

    [TestMethod]
    public void Any_number_of_threads_predict_what_an_engine_of_their_own_would()
    {
        using ServiceProvider services = TestApplication.Build(services =>
            services.AddPredictionEnginePool<TripleRow, KnownRow>().FromFile(Archive).FromFile("again", Archive));
        services.GetRequiredService<IStartupValidator>().Validate();
        var pool = services.GetRequiredService<PredictionEnginePool<TripleRow, KnownRow>>();
        var ml = new MLContext();
        using var engine = ml.Model.CreatePredictionEngine<TripleRow, KnownRow>(ml.Model.Load(Archive, out _));
        KnownRow expected = engine.Predict(Question);
        Assert.IsTrue(expected.Known);
        LiveTensors.OnThreads(8, () =>
        {
            for (int i = 0; i < 5; i++)
            {
                KnownRow row = i % 2 == 0 ? pool.Predict(Question) : pool.Predict("again", Question);
                Assert.AreEqual((expected.Score, true), (row.Score, row.Known));
            }
        });
        Assert.AreNotSame(pool.GetModel(), pool.GetModel("again"));
    }

    [TestMethod]
    public async Task An_engine_that_is_out_finishes_with_its_model_which_is_then_freed()
    {
        using var folder = new TemporaryFolder();
        string served = folder["served.zip"];
        File.Copy(Archive, served);
        await using ServiceProvider services = TestApplication.Build(services =>
        {
            services.AddPredictionEnginePool<TripleRow, KnownRow>().FromFile("facts", served, watchForChanges: true);
            services.Configure<PooledModelOptions<TripleRow, KnownRow>>(
                "facts", options => options.WatchInterval = TimeSpan.FromMilliseconds(10));
        });
        var pool = services.GetRequiredService<PredictionEnginePool<TripleRow, KnownRow>>();
        PredictionEngine<TripleRow, KnownRow> held = pool.GetPredictionEngine("facts");
        float before = held.Predict(Question).Score;
        var old = (BatchedTransformer)pool.GetModel("facts");
        SaveOther(folder["next.zip"]);
        File.Move(folder["next.zip"], served, overwrite: true);
        await TestApplication.Until(() => Task.FromResult(pool.Predict("facts", Question).Score != before), "the new file answers");
        Assert.AreEqual(before, held.Predict(Question).Score, "and the old one whoever has begun with it");
        old.Lifetime.ThrowIfEnded();
        pool.ReturnPredictionEngine("facts", held);
        Assert.ThrowsExactly<ObjectDisposedException>(old.Lifetime.ThrowIfEnded);
        Assert.ThrowsExactly<ArgumentException>(() => pool.ReturnPredictionEngine("facts", held), "once is enough");
        await services.DisposeAsync();
        Assert.ThrowsExactly<ObjectDisposedException>(() => pool.Predict("facts", Question));
    }

    [TestMethod]
    public void A_missing_file_and_an_unknown_name_are_said_with_their_remedy()
    {
        using ServiceProvider services = TestApplication.Build(services =>
            services.AddPredictionEnginePool<TripleRow, KnownRow>().FromFile("parts", "nowhere.zip"));
        StringAssert.Contains(
            Assert.ThrowsExactly<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate).Message,
            "the pooled model 'parts': filePath 'nowhere.zip' does not exist; name an archive");
        var pool = services.GetRequiredService<PredictionEnginePool<TripleRow, KnownRow>>();
        StringAssert.Contains(
            Assert.ThrowsExactly<OptionsValidationException>(() => pool.Predict("others", Question)).Message,
            "the pooled model 'others' has no file; name one with AddPredictionEnginePool<…>().FromFile(…)");
    }

    [TestMethod]
    public void A_pool_that_is_disposed_while_a_model_is_looked_up_loads_nothing()
    {
        using var log = new AppLog();
        var options = new DisposingOptions();
        using var pool = new PredictionEnginePool<TripleRow, KnownRow>(new MLContext(), options, log, TimeProvider.System);
        options.Asked = pool.Dispose;
        string named = Assert.ThrowsExactly<ObjectDisposedException>(() => pool.Predict(Question)).ObjectName;
        Assert.AreEqual(pool.GetType().FullName, named);
        Assert.IsEmpty(log.Entries);
    }

    // The same graph without a fact about the question's head.
    private static void SaveOther(string archive)
    {
        var ml = new MLContext();
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(EarlierModel.GraphFolder);
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, graph.Entities.Count).Select(id => graph.Entities[id]),
            Enumerable.Range(0, graph.Relations.Count).Select(id => graph.Relations[id]));
        int head = graph.Entities.GetId(Question.Head);
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        builder.AddRange(Array.FindAll(triples, triple => triple != Array.Find(triples, one => one.Head == head)));
        KnowledgeGraph less = builder.Build();
        using PathScoringTransformer model = ml.Transforms.ApplyPathModel(less).Fit(less.ToDataView());
        ml.Model.SaveAtomically(model, less.ToDataView().Schema, archive);
    }

    private sealed class DisposingOptions : IOptionsMonitor<PooledModelOptions<TripleRow, KnownRow>>
    {
        public Action? Asked { get; set; }

        public PooledModelOptions<TripleRow, KnownRow> CurrentValue => Get(null);

        public PooledModelOptions<TripleRow, KnownRow> Get(string? name)
        {
            Asked!();
            return new() { FilePath = Archive };
        }

        public IDisposable? OnChange(Action<PooledModelOptions<TripleRow, KnownRow>, string?> listener) => null;
    }

    private sealed class KnownRow
    {
        public bool Known { get; set; }

        public float Score { get; set; }
    }
}

using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>A graph that several transformers of a chain have in common is stored once.</summary>
[TestClass]
public sealed class SharedGraphTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static TemporaryFolder s_folder = null!;
    private static float[] s_scores = null!;

    private static IDataView Test => Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);

    [ClassInitialize]
    public static void Save(TestContext _)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        s_folder = new TemporaryFolder();
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(GmtPipelines.Quick);
        s_scores = Scores(chain);
        Ml.Model.SaveAtomically(chain, Test.Schema, s_folder["chain.zip"]);
    }

    [ClassCleanup]
    public static void Remove() => s_folder.Dispose();

    [TestMethod]
    public void An_archive_of_both_stages_has_one_graph_and_gives_the_same_answers()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        Assert.HasCount(1, Entries(s_folder["chain.zip"], "graph.gmtgraph"));
        Assert.HasCount(1, Entries(s_folder["chain.zip"], "graph.txt"));
        using var loaded = (TransformerChain<ITransformer>)Ml.Model.Load(s_folder["chain.zip"], out _);
        KnowledgeGraph[] graphs = [.. loaded.Select(part => part switch
        {
            SgmTransformer first => first.Graph,
            _ => ((GmtTransformer)part).Graph,
        })];
        Assert.HasCount(2, graphs);
        Assert.AreSame(graphs[0], graphs[1], "one object in memory as well");
        CollectionAssert.AreEqual(s_scores, Scores(loaded));

        Ml.Model.SaveAtomically(loaded, Test.Schema, s_folder["again.zip"]);
        Assert.HasCount(1, Entries(s_folder["again.zip"], "graph.gmtgraph"));
        using var again = (TransformerChain<ITransformer>)Ml.Model.Load(s_folder["again.zip"], out _);
        CollectionAssert.AreEqual(s_scores, Scores(again));
    }

    [TestMethod]
    public void A_transformer_that_is_saved_by_itself_has_its_graph()
    {
        using var loaded = (TransformerChain<ITransformer>)Ml.Model.Load(s_folder["chain.zip"], out _);
        Ml.Model.SaveAtomically(loaded.Last(), null, s_folder["last.zip"]);
        Assert.HasCount(1, Entries(s_folder["last.zip"], "graph.gmtgraph"));
        Assert.IsEmpty(Entries(s_folder["last.zip"], "graph.txt"));
        using var last = (GmtTransformer)Ml.Model.Load(s_folder["last.zip"], out _);
        Assert.AreEqual(loaded.OfType<GmtTransformer>().Single().Graph.Entities.Count, last.Graph.Entities.Count);
    }

    [TestMethod]
    [DataRow("TransformerChain/Transform_009", "has no graph")]
    [DataRow("../elsewhere", "has no graph")]
    [DataRow("", "is not what it should be")]
    public void A_reference_that_leads_nowhere_is_refused(string folder, string expected)
    {
        string path = s_folder["broken.zip"];
        File.Copy(s_folder["chain.zip"], path, overwrite: true);
        ArchiveFile.Change(path, "graph.txt", content =>
        {
            string[] lines = System.Text.Encoding.UTF8.GetString(content).Split('\n');
            return System.Text.Encoding.UTF8.GetBytes(string.Join('\n', [folder, .. lines.Skip(1)]));
        });
        Exception? error = Assert.Throws<Exception>(() => Ml.Model.Load(path, out _));
        while (error is not (null or GmtFileException))
        {
            error = error.InnerException;
        }

        StringAssert.Contains(error?.Message, expected);
    }

    private static float[] Scores(ITransformer model) => [.. model.Transform(Test).GetColumn<float>("Score")];

    private static string[] Entries(string path, string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return
        [
            .. archive.Entries.Select(entry => entry.FullName.Replace('\\', '/'))
                .Where(entry => entry == name || entry.EndsWith($"/{name}", StringComparison.Ordinal)),
        ];
    }
}

using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>The base model of an archive lies in a temporary folder: where the context says, whatever happens to it, and no longer than it
/// is needed.</summary>
[TestClass]
public sealed class TemporaryFilesTests : IDisposable
{
    private static readonly TemporaryFolder Archives = new();
    private static float[] s_expected = null!;

    private readonly TemporaryFolder _temporary = new();
    private readonly MLContext _ml;

    public TemporaryFilesTests() => _ml = new MLContext(seed: 1) { TempFilePath = _temporary["given"] };

    private static IDataView Test => Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);

    private string[] Folders => Directory.GetDirectories(_temporary["given"], "gmt-base-model-*");

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(GmtPipelines.Quick);
        new MLContext().Model.Save(chain, null, Archives["facts.zip"]);
        s_expected = Scores(chain);
    }

    [ClassCleanup]
    public static void CleanUp() => Archives.Dispose();

    public void Dispose() => _temporary.Dispose();

    [TestMethod]
    public void It_lies_where_the_context_says_and_is_gone_with_the_model()
    {
        using (IDisposable model = (IDisposable)Load())
        {
            Assert.IsNotEmpty(Directory.GetFiles(Folders.Single(), "*.safetensors"));
        }

        Assert.IsEmpty(Folders);
    }

    [TestMethod]
    public void Where_somebody_empties_the_folder_the_model_answers_and_can_be_saved()
    {
        ITransformer model = Load();
        using var owner = (IDisposable)model;
        Directory.Delete(_temporary["given"], recursive: true);
        AssertClose(Scores(model));
        Directory.Delete(_temporary["given"], recursive: true);
        _ml.Model.Save(model, null, Archives["again.zip"]);
        File.Delete(Directory.GetFiles(Folders.Single(), "*.safetensors").Single());
        AssertClose(Scores(model));
        ITransformer again = _ml.Model.Load(Archives["again.zip"], out _);
        AssertClose(Scores(again));
        ((IDisposable)again).Dispose();
    }

    [TestMethod]
    public void What_a_process_left_that_is_gone_is_removed_and_what_others_use_stays()
    {
        FileStream mark = AbandonedFolders.Make(_temporary[Path.Combine("given", "gmt-base-model-dead")]);
        FileStream used = AbandonedFolders.Make(_temporary[Path.Combine("given", "gmt-base-model-alive")]);
        string old = Directory.CreateDirectory(_temporary[Path.Combine("given", "gmt-base-model-old")]).FullName;
        string young = Directory.CreateDirectory(_temporary[Path.Combine("given", "gmt-base-model-young")]).FullName;
        string others = Directory.CreateDirectory(_temporary[Path.Combine("given", "theirs")]).FullName;
        File.WriteAllText(Path.Combine(old, "config.json"), "{}");
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        mark.Dispose(); // as the system does with the files of a process that was killed
        using (used)
        using (IDisposable model = (IDisposable)Load())
        {
            string[] names = [.. Folders.Select(folder => folder[(folder.LastIndexOf('-') + 1)..]).Where(name => name.Length < 32)];
            CollectionAssert.AreEquivalent(new[] { "alive", "young" }, names);
            Assert.HasCount(3, Folders);
            Assert.IsTrue(Directory.Exists(others));
        }

        Assert.IsTrue(Directory.Exists(young));
    }

    private ITransformer Load() => _ml.Model.Load(Archives["facts.zip"], out _);

    private static float[] Scores(ITransformer model) => [.. model.Transform(Test).GetColumn<float>("Score")];

    private static void AssertClose(float[] actual) => Assert.IsLessThan(1e-5, s_expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max());
}

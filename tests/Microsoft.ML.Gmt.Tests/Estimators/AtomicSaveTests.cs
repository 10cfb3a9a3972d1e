namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class AtomicSaveTests
{
    [TestMethod]
    public void A_save_that_fails_leaves_the_old_model_and_a_killed_one_is_cleaned_up()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext();
        using SgmTransformer model = Pipelines.Fit();
        string path = folder["models/graph.zip"];
        ml.Model.SaveAtomically(model, null, path);
        byte[] first = File.ReadAllBytes(path);
        string remains = Path.Combine(Path.GetDirectoryName(path)!, $".graph.zip.{Guid.NewGuid():N}.tmp");
        File.WriteAllBytes(remains, first[..100]);
        SgmTransformer gone = Pipelines.Fit();
        gone.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => ml.Model.SaveAtomically(gone, null, path));
        CollectionAssert.AreEqual(first, File.ReadAllBytes(path));
        CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(Path.GetDirectoryName(path)!));
        ml.Model.SaveAtomically(model, null, path);
        using var loaded = (SgmTransformer)ml.Model.Load(path, out _);
        Assert.AreEqual(model.Graph.Entities.Count, loaded.Graph.Entities.Count);
    }
}

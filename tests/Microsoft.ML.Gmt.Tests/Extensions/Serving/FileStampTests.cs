using Microsoft.ML.Gmt.Extensions;

namespace Microsoft.ML.Gmt.Tests.Extensions;

[TestClass]
public sealed class FileStampTests
{
    private static readonly DateTime Time = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [TestMethod]
    [DataRow("served/model.zip")]
    [DataRow("served")]
    [DataRow("served/..data/model.zip")]
    public void A_volume_that_swaps_the_folder_behind_its_links_has_changed(string watched)
    {
        // As Kubernetes mounts: model.zip leads to ..data/model.zip, and ..data to the folder of a version.
        using var folder = new TemporaryFolder();
        Version(folder, "version1", "model");
        Version(folder, "version2", "other");
        string served = Directory.CreateDirectory(folder["served"]).FullName, data = Path.Combine(served, "..data");
        Directory.CreateSymbolicLink(data, Path.Combine("..", "version1"));
        File.CreateSymbolicLink(Path.Combine(served, "model.zip"), Path.Combine("..data", "model.zip"));
        FileStamp? before = FileStamp.Of(folder[watched]);
        Assert.IsNotNull(before);
        Assert.AreEqual(5, before.Value.Length, "that of the file, and not of a link");
        Assert.AreEqual(Time.Ticks, before.Value.LastWrite);
        Assert.AreEqual(before, FileStamp.Of(folder[watched]));

        Directory.Delete(data);
        Assert.IsNull(FileStamp.Of(folder[watched]), "a link that leads nowhere is a missing file");
        Directory.CreateSymbolicLink(data, Path.Combine("..", "version2"));
        Assert.AreNotEqual(before, FileStamp.Of(folder[watched]), "of the same size and time, and elsewhere");
    }

    [TestMethod]
    public void Links_in_a_circle_are_a_file_that_cannot_be_looked_at()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["a"], "b");
        File.CreateSymbolicLink(folder["b"], "a");
        Assert.IsNull(FileStamp.Of(folder["a"]));
    }

    private static void Version(TemporaryFolder folder, string version, string text)
    {
        Directory.CreateDirectory(folder[version]);
        File.SetLastWriteTimeUtc(folder.Write(Path.Combine(version, "model.zip"), text), Time);
    }
}

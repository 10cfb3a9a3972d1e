using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class AtomicFileTests
{
    [TestMethod]
    public void A_failed_write_leaves_the_old_file_and_no_temporary_one()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "new", "weights.bin");
        AtomicFile.Write(path, stream => stream.Write("old"u8));
        Assert.ThrowsExactly<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.AreEqual("old", File.ReadAllText(path));
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        Assert.AreEqual("new", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [TestMethod]
    public void What_killed_writers_left_is_removed_and_what_is_being_written_stays()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.zip"], remains = folder.Write($".model.zip.{Guid.NewGuid():N}.tmp", "half");
        string other = folder.Write($".other.zip.{Guid.NewGuid():N}.tmp", "of another file");
        AtomicFile.Write(path, stream =>
        {
            stream.Write("whole"u8);
            AtomicFile.RemoveRemains(path);
            Assert.IsFalse(File.Exists(remains));
        });
        Assert.AreEqual("whole", File.ReadAllText(path));
        CollectionAssert.AreEquivalent(new[] { path, other }, Directory.GetFiles(folder.Path));
        AtomicFile.RemoveRemains(folder["nowhere/model.zip"]);
    }

    [TestMethod]
    public void Many_writers_of_one_file_that_sweep_meanwhile_do_not_disturb_each_other()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.zip"];
        Parallel.For(0, 64, i =>
        {
            AtomicFile.RemoveRemains(path);
            AtomicFile.Write(path, stream => stream.Write(new byte[100_000]));
        });
        Assert.AreEqual(100_000, new FileInfo(path).Length);
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }
}

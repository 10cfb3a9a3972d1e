using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class FileLockTests
{
    [TestMethod]
    public void One_holds_it_at_a_time_and_leaves_no_file()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder["new"], "a.lock");
        using (FileLock held = FileLock.TryTake(path)!)
        {
            Assert.IsNotNull(held);
            Assert.IsNull(FileLock.TryTake(path));
        }

        Assert.IsFalse(File.Exists(path));
        using FileLock again = FileLock.TryTake(path)!;
        Assert.IsNotNull(again);
    }

    [TestMethod]
    public void A_file_that_was_left_behind_is_taken()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.lock", "");
        FileLock.TryTake(path)!.Dispose();
        Assert.IsFalse(File.Exists(path));
    }

    [TestMethod]
    public void A_place_that_nobody_can_write_to_is_an_error_and_not_somebody_elses()
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", "");
        Assert.Throws<IOException>(() => FileLock.TryTake(Path.Combine(folder["file"], "a.lock")));
    }
}

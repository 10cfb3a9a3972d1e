using System.Runtime.Versioning;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class KnownBaseModelsTests
{
    private static readonly DateTime Yesterday = DateTime.UtcNow.AddDays(-1);

    [TestMethod]
    public void A_file_with_the_size_and_time_that_it_had_is_not_read_again_by_another_process()
    {
        using var folder = new TemporaryFolder();
        string file = Write(folder, "one", Yesterday), cache = folder["cache"];
        string hash = ContentHash.Of("one"u8).Sha256;
        Assert.AreEqual(hash, New(cache).HashOf(file));
        Write(folder, "two", Yesterday);
        Assert.AreEqual(hash, New(cache).HashOf(file), "as documented: by size and time");
        Assert.IsTrue(New(cache).HasHash(file, ContentHash.Of("two"u8).Sha256), "before a file is refused it is read");
        Assert.AreEqual(ContentHash.Of("two"u8).Sha256, New(cache).HashOf(file));
        Write(folder, "six", Yesterday.AddSeconds(1));
        Assert.AreEqual(ContentHash.Of("six"u8).Sha256, New(cache).HashOf(file), "another time");
        Write(folder, "three", Yesterday.AddSeconds(1));
        Assert.AreEqual(ContentHash.Of("three"u8).Sha256, New(cache).HashOf(file), "another size");
    }

    [TestMethod]
    public void A_file_that_was_just_changed_is_read_each_time()
    {
        using var folder = new TemporaryFolder();
        string file = Write(folder, "one", DateTime.UtcNow);
        var models = New(folder["cache"]);
        models.HashOf(file);
        Write(folder, "two", File.GetLastWriteTimeUtc(file));
        Assert.AreEqual(ContentHash.Of("two"u8).Sha256, models.HashOf(file));
    }

    [TestMethod]
    public void Without_a_cache_or_with_a_damaged_one_files_are_read()
    {
        using var folder = new TemporaryFolder();
        string file = Write(folder, "one", Yesterday), hash = ContentHash.Of("one"u8).Sha256;
        Assert.AreEqual(hash, New(null).HashOf(file));
        Assert.AreEqual(hash, New(file).HashOf(file), "the cache is a file");
        New(folder["cache"]).HashOf(file);
        string record = Directory.GetFiles(folder["cache"], "*", SearchOption.AllDirectories).Single();
        foreach (byte[] damaged in new byte[][] { [], [0, 255, 13, 10], new byte[1 << 20], "1\n2\n3\n4\n"u8.ToArray(), "3\n"u8.ToArray() })
        {
            File.WriteAllBytes(record, damaged);
            Assert.AreEqual(hash, New(folder["cache"]).HashOf(file));
        }

        Assert.ThrowsExactly<FileNotFoundException>(() => New(folder["cache"]).HashOf(folder["nothing"]));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [SupportedOSPlatform("linux")]
    public void What_another_user_could_have_written_is_not_believed_nor_added_to()
    {
        const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        const UnixFileMode Shown = Closed | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead
            | UnixFileMode.OtherExecute;
        using var folder = new TemporaryFolder();
        string file = Write(folder, "one", Yesterday), cache = folder["cache"], truth = ContentHash.Of("two"u8).Sha256;
        New(cache).HashOf(file);
        Write(folder, "two", Yesterday);
        Assert.AreNotEqual(truth, New(cache).HashOf(file), "the record is used");
        File.SetUnixFileMode(folder.Path, Shown);
        File.SetUnixFileMode(cache, Shown | UnixFileMode.OtherWrite);
        Assert.AreEqual(truth, New(cache).HashOf(file), "another user could have made the record");
        string before = File.ReadAllText(Directory.GetFiles(cache, "*", SearchOption.AllDirectories).Single());
        File.SetUnixFileMode(cache, Closed);
        Assert.AreNotEqual(truth, New(cache).HashOf(file), before);
    }

    [TestMethod]
    public void The_folders_of_a_model_are_known_to_the_next_process_last_one_first()
    {
        using var folder = new TemporaryFolder();
        var model = new BaseModelReference(new Dictionary<string, long> { ["config.json"] = 1 }, new string('a', 64)) { Name = "base" };
        foreach (string place in new[] { "a", "b", "c", "b", "d", "e", "f", "g", "h", "i" })
        {
            New(folder["cache"]).Remember(model, folder[place]);
        }

        string[] known = [.. New(folder["cache"]).FoldersOf(model)];
        CollectionAssert.AreEqual("ihgfedbc".Select(place => folder[$"{place}"]).ToArray(), known);
        Assert.IsEmpty(New(folder["cache"]).FoldersOf(model with { HeaderHash = new string('b', 64) }));
        Assert.IsEmpty(New(folder["cache"]).FoldersOf(model with { Name = "another" }));
    }

    private static KnownBaseModels New(string? cache) => new(cache, TimeProvider.System);

    private static string Write(TemporaryFolder folder, string text, DateTime time)
    {
        string file = folder.Write("model.safetensors", text);
        File.SetLastWriteTimeUtc(file, time);
        return file;
    }
}

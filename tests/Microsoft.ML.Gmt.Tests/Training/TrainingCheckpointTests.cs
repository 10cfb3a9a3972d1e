using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class TrainingCheckpointTests
{
    [TestMethod]
    public void Nothing_is_restored_where_nothing_was_kept_or_nothing_is_wanted()
    {
        using var folder = new TemporaryFolder();
        string path = folder["state"];
        Assert.IsFalse(Of(path, resume: true, new Counter()).TryResume());
        Counter counter = new() { Count = 7 };
        Of(path, resume: false, counter).Save();
        Counter other = new();
        Assert.IsFalse(Of(path, resume: false, other).TryResume());
        Assert.AreEqual(0, other.Count);
        Assert.IsTrue(Of(path, resume: true, other).TryResume());
        Assert.AreEqual(7, other.Count);
    }

    [TestMethod]
    public void Another_training_is_refused_with_what_differs()
    {
        using var folder = new TemporaryFolder();
        string path = folder["state"];
        Of(path, resume: false, new Counter(), "16").Save();
        string message = Assert.ThrowsExactly<GmtFileException>(() => Of(path, resume: true, new Counter(), "32").TryResume()).Message;
        StringAssert.Contains(message, "batch size was 16 and is 32");
        StringAssert.Contains(message, path);
    }

    [TestMethod]
    public void A_setting_that_only_one_of_the_two_runs_has_is_named_too()
    {
        using var folder = new TemporaryFolder();
        TrainingCheckpointOptions options = new() { Path = folder["state"], Resume = true };
        new TrainingCheckpoint(options, () => [("old", "1"), ("both", "2")], ("counter", new Counter())).Save();
        string message = Assert.ThrowsExactly<GmtFileException>(() =>
            new TrainingCheckpoint(options, () => [("both", "2"), ("new", "3")], ("counter", new Counter())).TryResume()).Message;
        StringAssert.Contains(message, "new was absent and is 3; old was 1 and is absent.");
    }

    [TestMethod]
    [DataRow("1")]
    [DataRow("2")]
    [DataRow("3")]
    [DataRow("5")]
    [DataRow(null)]
    public void A_state_of_another_version_is_refused_in_words(string? version)
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, string> metadata = new() { ["format"] = "gmt-training" };
        if (version is not null)
        {
            metadata.Add("version", version);
        }

        using Tensor count = tensor(3L);
        SafetensorsWriter.Write(folder["state"], [KeyValuePair.Create("counter/count", count)], metadata);
        string message = Refusal(folder["state"]);
        StringAssert.Contains(message, "was written by another version of this library; begin the training run anew without resume");
    }

    [TestMethod]
    public void Settings_are_asked_for_once_and_only_where_a_file_is_written_or_read()
    {
        using var folder = new TemporaryFolder();
        int asked = 0;
        TrainingCheckpoint checkpoint = new(
            new TrainingCheckpointOptions { Path = folder["state"], Interval = TimeSpan.FromHours(1), Resume = true },
            () =>
            {
                asked++;
                return [];
            },
            ("counter", new Counter()));
        checkpoint.TryResume();
        Assert.IsFalse(checkpoint.IsDue);
        Assert.AreEqual(0, asked);
        checkpoint.Save();
        checkpoint.Save();
        Assert.AreEqual(1, asked);
    }

    [TestMethod]
    public void Another_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder["state"];
        using (Tensor weights = ones(2))
        {
            SafetensorsWriter.Write(path, [KeyValuePair.Create("w", weights)]);
        }

        StringAssert.Contains(Refusal(path), "is no training checkpoint");
        File.WriteAllText(path, "not even a header");
        Assert.ThrowsExactly<WeightFileException>(() => Of(path, resume: true, new Counter()).TryResume());
    }

    [TestMethod]
    public void It_is_written_as_often_as_the_interval_says()
    {
        using var folder = new TemporaryFolder();
        string seldom = folder["seldom"], always = folder["always"];
        TrainingCheckpointOptions hourly = new() { Path = seldom, Interval = TimeSpan.FromHours(1) };
        TrainingCheckpoint Of(TrainingCheckpointOptions? options) => new(options, () => [], ("counter", new Counter()));
        Assert.IsFalse(Of(hourly).IsDue);
        TrainingCheckpoint often = Of(hourly with { Path = always, Interval = TimeSpan.Zero });
        Assert.IsTrue(often.IsDue);
        often.Save();
        Assert.IsTrue(File.Exists(always));
        Assert.IsFalse(Of(null).IsDue);
        Of(null).Save();
        Assert.IsFalse(File.Exists(seldom));
    }

    private static string Refusal(string path) =>
        Assert.ThrowsExactly<GmtFileException>(() => Of(path, resume: true, new Counter()).TryResume()).Message;

    private static TrainingCheckpoint Of(string path, bool resume, Counter counter, string batchSize = "16") =>
        new(new TrainingCheckpointOptions { Path = path, Resume = resume }, () => [("batch size", batchSize)], ("counter", counter));

    private sealed class Counter : ITrainingState
    {
        public long Count { get; set; }

        public IReadOnlyList<KeyValuePair<string, Tensor>> State() => [KeyValuePair.Create("count", tensor(Count))];

        public void Restore(IReadOnlyDictionary<string, Tensor> state) =>
            Count = TrainingState.Get(state, "count", ScalarType.Int64).item<long>();
    }
}

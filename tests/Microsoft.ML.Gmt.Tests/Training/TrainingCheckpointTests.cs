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
        string message = Assert.ThrowsExactly<InvalidDataException>(() => Of(path, resume: true, new Counter(), "32").TryResume()).Message;
        StringAssert.Contains(message, "batch size was 16 and is 32");
        StringAssert.Contains(message, path);
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

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => Of(path, resume: true, new Counter()).TryResume()).Message, "is no training checkpoint");
        File.WriteAllText(path, "not even a header");
        Assert.ThrowsExactly<WeightFileException>(() => Of(path, resume: true, new Counter()).TryResume());
    }

    [TestMethod]
    public void It_is_written_as_often_as_the_interval_says()
    {
        using var folder = new TemporaryFolder();
        string seldom = folder["seldom"], always = folder["always"];
        new TrainingCheckpoint(new TrainingCheckpointOptions { Path = seldom, Interval = TimeSpan.FromHours(1) }, () => [], ("counter", new Counter())).SaveIfDue();
        new TrainingCheckpoint(new TrainingCheckpointOptions { Path = always, Interval = TimeSpan.Zero }, () => [], ("counter", new Counter())).SaveIfDue();
        new TrainingCheckpoint(null, () => [], ("counter", new Counter())).Save();
        Assert.IsFalse(File.Exists(seldom));
        Assert.IsTrue(File.Exists(always));
    }

    private static TrainingCheckpoint Of(string path, bool resume, Counter counter, string batchSize = "16") =>
        new(new TrainingCheckpointOptions { Path = path, Resume = resume }, () => [("batch size", batchSize)], ("counter", counter));

    private sealed class Counter : ITrainingState
    {
        public long Count { get; set; }

        public IReadOnlyList<KeyValuePair<string, Tensor>> State() => [KeyValuePair.Create("count", tensor(Count))];

        public void Restore(IReadOnlyDictionary<string, Tensor> state) => Count = TrainingState.Get(state, "count", []).item<long>();
    }
}

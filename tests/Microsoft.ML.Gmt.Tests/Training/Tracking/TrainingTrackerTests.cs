using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class TrainingTrackerTests
{
    [TestMethod]
    public void A_csv_file_has_a_row_for_each_step_with_the_validation_figure_that_followed_it()
    {
        using var folder = new TemporaryFolder();
        string file = folder["runs/sgm.csv"];
        using (TrainingTracker tracker = TrainingTracker.To(file))
        {
            Report(tracker, 1, 2);
            tracker.Report(Step(2) with { IsValidation = true, Metric = 0.25 });
            Report(tracker, 3);
            Assert.IsNull(tracker.Failure);
        }

        string[][] rows = [.. File.ReadLines(file).Select(line => line.Split(','))];
        CollectionAssert.AreEqual(new[] { "step", "epoch", "stage", "loss", "learningRate", "itemsPerSecond", "metric", "time" }, rows[0]);
        CollectionAssert.AreEqual(new[] { "1", "1", "SGM", "0.5", "0.001", "100", "" }, rows[1][..7]);
        CollectionAssert.AreEqual(new[] { "2", "1", "SGM", "0.25", "0.001", "100", "0.25" }, rows[2][..7]);
        CollectionAssert.AreEqual(new[] { "3", "2", "SGM", "0.16666666666666666", "0.001", "100", "" }, rows[3][..7]);
        Assert.HasCount(4, rows);
        Assert.IsTrue(DateTimeOffset.TryParse(rows[1][7], out _));
    }

    [TestMethod]
    public void A_file_of_json_lines_has_an_object_for_each_step()
    {
        using var folder = new TemporaryFolder();
        string file = folder["run.jsonl"];
        using (TrainingTracker tracker = TrainingTracker.To(file))
        {
            Report(tracker, 1, 2);
        }

        JsonElement[] rows = [.. File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.HasCount(2, rows);
        Assert.AreEqual(2, rows[1].GetProperty("step").GetInt64());
        Assert.AreEqual(0.25, rows[1].GetProperty("loss").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, rows[1].GetProperty("metric").ValueKind);
    }

    [TestMethod]
    [DataRow("run.csv")]
    [DataRow("run.jsonl")]
    public void A_run_that_goes_on_replaces_the_steps_that_it_makes_again_and_half_lines(string name)
    {
        using var folder = new TemporaryFolder();
        string file = folder[name];
        using (TrainingTracker tracker = TrainingTracker.To(file))
        {
            Report(tracker, 1, 2, 3, 4);
        }

        string[] before = File.ReadAllLines(file);
        int header = before.Length - 4;
        File.AppendAllText(file, before[^1][..7]); // killed while it wrote
        using (TrainingTracker tracker = TrainingTracker.To(file))
        {
            Report(tracker, 3, 4, 5);
        }

        string[] after = File.ReadAllLines(file);
        Assert.HasCount(header + 5, after);
        CollectionAssert.AreEqual(before[..(header + 2)], after[..(header + 2)]);
        CollectionAssert.AreEqual(
            new long?[] { 1, 2, 3, 4, 5 }, after[header..].Select(line => Form(name).StepOf(line)).ToArray());

        // One that begins anew begins the file anew.
        using (TrainingTracker tracker = TrainingTracker.To(file))
        {
            Report(tracker, 1);
        }

        Assert.HasCount(header + 1, File.ReadAllLines(file));
    }

    [TestMethod]
    [DataRow("notes.csv", "head,relation,tail\na,r,b\n")]
    [DataRow("notes.csv", "no end of a line")]
    [DataRow("notes.jsonl", "{\"step\":1}\n")]
    [DataRow("notes.jsonl", "[1,\n")]
    public void A_file_that_holds_something_else_is_refused_and_kept(string name, string content)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write(name, content);
        string message = Assert.ThrowsExactly<GmtFileException>(() => TrainingTracker.To(file)).Message;
        StringAssert.Contains(message, name);
        StringAssert.Contains(message, "name another file");
        Assert.AreEqual(content, File.ReadAllText(file));
    }

    [TestMethod]
    public void A_line_reaches_the_file_while_the_run_goes_on_and_no_other_run_can_write_there()
    {
        using var folder = new TemporaryFolder();
        var time = new ManualTime();
        using var tracker = new LineTracker(folder["run.csv"], new CsvSteps(), time);
        Report(tracker, 1, 2);
        Assert.IsEmpty(Lines());
        time.Now += TimeSpan.FromSeconds(2);
        Report(tracker, 3);
        Assert.HasCount(4, Lines());
        StringAssert.Contains(
            Assert.ThrowsExactly<IOException>(() => TrainingTracker.To(folder["run.csv"])).Message, "written by another training run");

        // The figure of a validation comes into the line of its step.
        tracker.Report(Step(3) with { IsValidation = true, Metric = 0.5 });
        tracker.Dispose();
        string[] lines = Lines();
        Assert.HasCount(4, lines);
        StringAssert.Contains(lines[3], ",0.5,");
        Assert.IsEmpty(Directory.GetFiles(folder.Path, "*.lock"));

        string[] Lines()
        {
            using var stream = new FileStream(folder["run.csv"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return new StreamReader(stream).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    [TestMethod]
    public void The_next_run_of_a_tracker_begins_the_file_anew()
    {
        using var folder = new TemporaryFolder();
        using (TrainingTracker tracker = TrainingTracker.To(folder["run.jsonl"]))
        {
            Report(tracker, 1, 2, 3);
            Report(tracker, 1, 2);
        }

        CollectionAssert.AreEqual(
            new long?[] { 1, 2 }, File.ReadLines(folder["run.jsonl"]).Select(new JsonSteps().StepOf).ToArray());
    }

    [TestMethod]
    public void TensorBoard_gets_scalars_in_its_own_files()
    {
        using var folder = new TemporaryFolder();
        using (TrainingTracker tracker = TrainingTracker.To(folder["runs/one"]))
        {
            Report(tracker, 1, 2);
            tracker.Report(Step(2) with { IsValidation = true, Metric = 0.75 });
        }

        string file = Directory.GetFiles(folder["runs/one"]).Single();
        StringAssert.Contains(Path.GetFileName(file), "tfevents");
        (string Tag, long Step, float Value)[] scalars =
        [
            .. Events(File.ReadAllBytes(file)).Where(one => one.Summary is not null)
                .SelectMany(one => one.Summary.Value.Select(value => (value.Tag, one.Step, value.SimpleValue))),
        ];
        CollectionAssert.IsSubsetOf(
            new[] { ("SGM/loss", 1L, 0.5f), ("SGM/loss", 2L, 0.25f), ("SGM/learning_rate", 2L, 0.001f), ("SGM/metric", 2L, 0.75f) },
            scalars);
    }

    [TestMethod]
    public void Where_writing_fails_in_the_middle_the_run_goes_on_and_the_tracker_says_why()
    {
        using var folder = new TemporaryFolder();
        using TrainingTracker tracker = TrainingTracker.To(folder["runs/one"]);
        Directory.Delete(folder["runs"], recursive: true);
        Report(tracker, 1, 2);
        Assert.IsInstanceOfType<IOException>(tracker.Failure);
    }

    [TestMethod]
    public void Several_listeners_hear_the_same()
    {
        List<long> one = [], other = [];
        IProgress<TrainingProgress> both = TrainingTracker.Several(
            new Listener<TrainingProgress>(step => one.Add(step.Step)), null, new Listener<TrainingProgress>(step => other.Add(step.Step)));
        both.Report(Step(7));
        CollectionAssert.AreEqual(new long[] { 7 }, one);
        CollectionAssert.AreEqual(one, other);
    }

    private static ITrackedSteps Form(string name) => name.EndsWith("csv", StringComparison.Ordinal) ? new CsvSteps() : new JsonSteps();

    private static TrainingProgress Step(long step) => new("SGM", (int)((step + 1) / 2), 5, step, 10, 0.5 / step, null, 100, TimeSpan.Zero)
    {
        LearningRate = 0.001,
    };

    private static void Report(TrainingTracker tracker, params long[] steps) =>
        Array.ForEach(steps, step => tracker.Report(Step(step)));

    // TFRecord: length (8 bytes), its checksum (4), the event, its checksum (4).
    private static IEnumerable<Tensorboard.Event> Events(byte[] file)
    {
        for (int place = 0; place < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(place));
            yield return Tensorboard.Event.Parser.ParseFrom(file, place + 12, length);
            place += length + 16;
        }
    }
}

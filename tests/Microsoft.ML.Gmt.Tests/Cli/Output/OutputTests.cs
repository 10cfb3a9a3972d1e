using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>Progress, tables and files in Python's form.</summary>
[TestClass]
public sealed class OutputTests
{
    private static readonly TrainingProgress State = new("SGM", 2, 3, 15, 30, 1.25, null, 100, TimeSpan.FromSeconds(75));

    [TestMethod]
    public void In_a_file_progress_is_a_plain_line_now_and_then()
    {
        (Terminal terminal, StringWriter output, StringWriter error) = Redirected();
        using (var display = new TrainingDisplay(terminal))
        {
            display.Report(State);
            display.Report(State with { Step = 16 });
            display.WriteResult("Epoch 1");
        }

        Assert.AreEqual("SGM epoch 2/3  step 15/30  loss 1.2500  100 rows/s  00:01:15 left\n", error.ToString());
        Assert.AreEqual("Epoch 1\n", output.ToString());
    }

    [TestMethod]
    public void In_a_window_progress_is_a_bar_that_makes_room_for_results()
    {
        (Terminal terminal, StringWriter output, StringWriter error) = Redirected();
        using (var display = new TrainingDisplay(terminal with { IsErrorTerminal = true, Width = 120 }))
        {
            display.Report(State);
            Assert.IsTrue(error.ToString().EndsWith("━━━━━━━━━━━━············ 50 % SGM epoch 2/3  step 15/30  loss 1.2500  100 rows/s  00:01:15 left", StringComparison.Ordinal), error.ToString());
            display.WriteResult("Epoch 1");
        }

        Assert.IsTrue(error.ToString().EndsWith("\r\e[2K", StringComparison.Ordinal));
        Assert.AreEqual("Epoch 1\n", output.ToString());
    }

    [TestMethod]
    public void In_a_narrow_window_the_bar_makes_room_for_the_figures()
    {
        const string Figures = "50 % SGM epoch 2/3  step 15/30  loss 1.2500  100 rows/s  00:01:15 left";
        Assert.AreEqual("━━━━···· " + Figures, LineIn(80));
        Assert.AreEqual(Figures, LineIn(Figures.Length + 1));
        Assert.AreEqual(Figures[..39], LineIn(40), "a full line would wrap");

        static string LineIn(int width)
        {
            (Terminal terminal, _, StringWriter error) = Redirected();
            using var display = new TrainingDisplay(terminal with { IsErrorTerminal = true, Width = width });
            display.Report(State);
            return error.ToString().Split("\e[2K")[1];
        }
    }

    [TestMethod]
    public void A_bar_comes_back_below_a_result()
    {
        (Terminal terminal, StringWriter output, StringWriter error) = Redirected();
        using var display = new ProgressDisplay(terminal with { IsErrorTerminal = true, Width = 120 }, atOnce: true);
        display.Show(1, 4, () => "a quarter");
        string drawn = error.ToString();
        display.WriteResult("True");
        Assert.AreEqual($"{drawn}\r\e[2K{drawn}", error.ToString());
        Assert.AreEqual("True\n", output.ToString());
    }

    [TestMethod]
    public void Rows_that_are_soon_done_show_nothing()
    {
        (Terminal terminal, StringWriter output, StringWriter error) = Redirected();
        using (var progress = new RowProgress(terminal, "answers", 2))
        {
            progress.Report(1);
            progress.WriteResult("True");
            progress.Report(1);
        }

        Assert.AreEqual("True\n", output.ToString());
        Assert.AreEqual("", error.ToString());
    }

    [TestMethod]
    public void Rows_that_take_long_show_how_many_are_done()
    {
        (Terminal terminal, _, StringWriter error) = Redirected();
        using var progress = new RowProgress(terminal with { IsErrorTerminal = true, Width = 120 }, "answers", 4);
        Thread.Sleep(150);
        progress.Report(3);
        StringAssert.Matches(error.ToString(), new(@"━{18}·{6} 75 % answers  row 3/4  [0-9.]+ rows/s  00:00:00 left$"));
    }

    [TestMethod]
    [DataRow(0.0312, 3.0, "0.03 rows/s  00:00:03 left")]
    [DataRow(1234.5, 90_000.0, "1,234 rows/s  1.0 days left")]
    public void Rates_are_readable_at_any_size(double rowsPerSecond, double seconds, string expected) =>
        Assert.AreEqual(expected, ProgressDisplay.Rate(rowsPerSecond, TimeSpan.FromSeconds(seconds)));

    [TestMethod]
    public void Tables_have_columns_in_a_file_and_frames_in_a_window()
    {
        Report report = new Report("title").With("size", new ByteSize(1500)).With("none", null).With(
            new ReportTable("rows", ["name", "count"], [["a", 1200], ["long", 7]]));
        (Terminal terminal, StringWriter output, _) = Redirected();
        ReportWriter.Write(terminal, report);
        Assert.AreEqual("title\n  size  1.5 kB\n\nrows\n  name  count\n  a     1,200\n  long      7\n", output.ToString());
        (terminal, output, _) = Redirected();
        ReportWriter.Write(terminal with { IsOutputTerminal = true }, report);
        StringAssert.Contains(output.ToString(), "│ long │     7 │");
    }

    [TestMethod]
    public void Settings_are_written_to_the_bytes_that_Python_writes()
    {
        KeyValuePair<string, object?>[] settings =
        [
            new("path", "a \"b\"\\\n\té€😀\u007f"), new("rate", 3e-5), new("count", 7), new("whole", 8.0), new("flag", true),
            new("none", null), new("inf", double.PositiveInfinity),
        ];
        const string Expected = "{\n  \"path\": \"a \\\"b\\\"\\\\\\n\\t\\u00e9\\u20ac\\ud83d\\ude00\\u007f\",\n  \"rate\": 3e-05,\n  \"count\": 7,\n  \"whole\": 8.0,\n"
            + "  \"flag\": true,\n  \"none\": null,\n  \"inf\": Infinity\n}";
        Assert.AreEqual(Expected, PythonJson.Write(settings));
        Assert.AreEqual("{}", PythonJson.Write([]));
    }

    private static (Terminal Terminal, StringWriter Output, StringWriter Error) Redirected()
    {
        StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        return (new Terminal(TextReader.Null, output, error), output, error);
    }
}

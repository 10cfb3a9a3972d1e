using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Notebooks;
using Microsoft.ML.Gmt.Tests.Plots;

namespace Microsoft.ML.Gmt.Tests.Notebooks;

[TestClass]
public sealed class NotebookFormattersTests
{
    private static readonly VerdictReport Report = new("(<b>, r, \"t\")", IsTrue: true, Probability: 0.75, ["a & b", "c"], Picture: null);

    [TestMethod]
    public void Everything_is_a_table_and_a_picture()
    {
        PlotSamples samples = PlotSamples.Get();
        object[] values =
        [
            PlotSamples.Graph, samples.History, samples.Metrics, samples.Curves, samples.Calibration, Metrics(),
            VerdictReport.Of(samples.Explanation, PlotSamples.Graph),
        ];
        foreach (object value in values)
        {
            string html = NotebookFormatters.ToHtml(value);
            StringAssert.StartsWith(html, "<table><caption>");
            StringAssert.Contains(html, "<img alt=\"");
            StringAssert.Contains(html, "src=\"data:image/svg+xml;base64,");
        }
    }

    [TestMethod]
    public void A_confusion_matrix_says_what_was_held_what()
    {
        string html = NotebookFormatters.ToHtml(Metrics());
        StringAssert.Contains(
            html, "1 that are true held true, 2 that are true held false, 0 that are false held true, 1 that are false held false");
        StringAssert.Contains(html, "<th scope=\"row\">Accuracy</th><td>0.500</td>");
    }

    [TestMethod]
    public void Names_are_escaped()
    {
        string html = NotebookFormatters.ToHtml(Report);
        StringAssert.Contains(html, "(&lt;b&gt;, r, &quot;t&quot;)");
        StringAssert.Contains(html, "<th scope=\"row\">Evidence</th><td>a &amp; b</td>");
        var builder = new KnowledgeGraphBuilder();
        builder.Add("<script>", "r", "b");
        Assert.IsFalse(NotebookFormatters.ToHtml(builder.Build()).Contains("<script>", StringComparison.Ordinal));
    }

    [TestMethod]
    public void A_report_is_text_outside_of_notebooks() =>
        Assert.AreEqual("(<b>, r, \"t\"): true, probability 0.75\n  by a & b\n  by c", Report.ToString());

    [TestMethod]
    public void Other_types_are_refused_by_name() => StringAssert.Contains(
        Assert.ThrowsExactly<ArgumentException>(() => NotebookFormatters.ToHtml(1)).Message, "System.Int32");

    private static BinaryClassificationMetrics Metrics()
    {
        var ml = new MLContext(seed: 1);
        Row[] rows = [new() { Label = true, Score = 1 }, new() { Label = true }, new() { Label = true }, new()];
        return ml.BinaryClassification.EvaluateNonCalibrated(ml.Data.LoadFromEnumerable(rows));
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float Score { get; set; } = -1;

        public bool PredictedLabel => Score > 0;
    }
}

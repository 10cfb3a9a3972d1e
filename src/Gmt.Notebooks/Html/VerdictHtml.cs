namespace Microsoft.ML.Gmt.Notebooks.Html;

/// <summary>A verdict: the fact, what is said of it, and by what evidence.</summary>
internal static class VerdictHtml
{
    public static string Of(VerdictReport report) => Table.Of(
        report.Fact,
        [
            ("Verdict", report.IsTrue ? "true" : "false"),
            ("Probability of being true", Table.Figure(report.Probability)),
            .. report.Evidence.Select((evidence, index) => (index == 0 ? "Evidence" : "", evidence)),
        ])
        + (report.Picture is { } plot ? Picture.Of(plot) : "");
}

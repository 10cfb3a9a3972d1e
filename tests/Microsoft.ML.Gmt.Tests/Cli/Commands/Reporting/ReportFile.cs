using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>A page that <c>gmt report</c> wrote.</summary>
internal sealed partial class ReportFile(string html)
{
    public string Html => html;

    /// <summary>Runs the command.</summary>
    public static ReportFile Of(TemporaryFolder folder, params string[] arguments)
    {
        GmtRun run = GmtRun.Of(["report", .. arguments, "--output", folder["report.html"]]).Succeeded();
        StringAssert.StartsWith(run.Output, folder["report.html"]);
        return new ReportFile(File.ReadAllText(folder["report.html"]));
    }

    /// <summary>The number of a row of a table of two columns or three.</summary>
    public double Figure(string name) => Numbers(name)[0];

    /// <summary>The numbers of the first row with a name.</summary>
    public double[] Numbers(string name)
    {
        Match row = Regex.Match(html, $"<tr><th scope=\"row\"[^>]*>{Regex.Escape(name)}</th>(.*?)</tr>");
        Assert.IsTrue(row.Success, $"there is no row '{name}'");
        return [.. Data().Matches(row.Groups[1].Value).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
    }

    /// <summary>The names of all rows of tables.</summary>
    public IEnumerable<string> Names() => RowName().Matches(html).Select(match => match.Groups[1].Value);

    /// <summary>What of a page that stands alone, and can be read by everybody, is not so.</summary>
    public IEnumerable<string> Faults()
    {
        string[] ids = [.. Id().Matches(html).Select(match => match.Groups[1].Value)];
        string[] named = [.. LabelledBy().Matches(html).SelectMany(match => match.Groups[1].Value.Split(' '))];
        if (Resource().Match(html) is { Success: true } resource)
        {
            yield return $"not alone: {resource.Value}";
        }

        if (ids.Distinct().Count() != ids.Length)
        {
            yield return $"twice: {string.Join(", ", ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key))}";
        }

        if (named.Except(ids).FirstOrDefault() is { } nobody)
        {
            yield return $"no element '{nobody}'";
        }

        int tables = html.Split("<table>").Length, captions = html.Split("<caption ").Length;
        int pictures = html.Split("<svg ").Length, titles = html.Split("<title id=").Length;
        if (tables != captions || pictures != titles || pictures < 3 || tables < 3)
        {
            yield return $"{tables - 1} tables, {captions - 1} captions, {pictures - 1} pictures, {titles - 1} titles";
        }
    }

    [GeneratedRegex("<data value=\"([^\"]+)\">")]
    private static partial Regex Data();

    [GeneratedRegex("<th scope=\"row\"[^>]*>(.*?)</th>")]
    private static partial Regex RowName();

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Id();

    [GeneratedRegex(" aria-labelledby=\"([^\"]+)\"")]
    private static partial Regex LabelledBy();

    [GeneratedRegex("https?://.{0,40}| src=.{0,40}|<link.{0,40}|<script.{0,40}|@import.{0,40}|url\\((?!#).{0,40}|xlink:href.{0,40}")]
    private static partial Regex Resource();
}

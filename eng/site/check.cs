#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

// Follows every link of a built site that does not leave it, offline: dotnet run check.cs -- FOLDER. Fails where a file or an anchor is
// missing, and where a page would fetch something from elsewhere.
using System.Net;
using System.Text.RegularExpressions;

string site = Path.GetFullPath(args[0]);
var links = new Regex("""<(\w+)\b[^>]*?\s(href|src|srcset)=(?:"([^"]*)"|'([^']*)')""");
var anchors = new Regex("""<\w[^>]*?\s(?:id|name)="([^"]*)""");
Dictionary<string, string> pages =
    Directory.EnumerateFiles(site, "*.html", SearchOption.AllDirectories).ToDictionary(page => page, File.ReadAllText);
Dictionary<string, HashSet<string>> anchorsOf = pages.ToDictionary(
    page => page.Key,
    page => anchors.Matches(page.Value).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).ToHashSet());

int followed = 0;
List<string> faults = [];
foreach ((string page, string html) in pages)
{
    if (page.StartsWith(Path.Combine(site, "api"), StringComparison.Ordinal) && html.Contains("](xref:", StringComparison.Ordinal))
    {
        faults.Add($"{Path.GetRelativePath(site, page)}: a link of Markdown to a member stands there as text");
    }

    foreach (Match match in links.Matches(html))
    {
        string link = WebUtility.HtmlDecode(match.Groups[3].Value + match.Groups[4].Value);
        bool isFetched = match.Groups[1].Value is not "a";
        if (Regex.IsMatch(link, "^([a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase))
        {
            if (isFetched && !link.StartsWith("data:", StringComparison.Ordinal))
            {
                faults.Add($"{Path.GetRelativePath(site, page)}: fetches {link} from elsewhere");
            }

            continue;
        }

        followed++;
        if (Fault(page, link) is { } fault)
        {
            faults.Add($"{Path.GetRelativePath(site, page)}: {link}: {fault}");
        }
    }
}

foreach (string fault in faults.Distinct())
{
    Console.Error.WriteLine(fault);
}

Console.WriteLine($"{pages.Count} pages, {followed} links within the site, {faults.Count} broken");
return pages.Count > 0 && faults.Count == 0 ? 0 : 1;

string? Fault(string page, string link)
{
    string[] parts = link.Split('#', 2);
    string path = Uri.UnescapeDataString(parts[0].Split('?')[0]);
    string target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
    if (Directory.Exists(target))
    {
        target = Path.Combine(target, "index.html");
    }

    if (!File.Exists(target))
    {
        return "no such file";
    }

    string anchor = parts.Length < 2 ? "" : Uri.UnescapeDataString(parts[1]);
    bool isThere = anchor.Length == 0 || !anchorsOf.TryGetValue(target, out HashSet<string>? known) || known.Contains(anchor);
    return isThere ? null : "no such anchor";
}

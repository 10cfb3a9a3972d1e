using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Tests.Examples;

/// <summary>
/// What <c>./build.sh docs</c> would find broken, found without a build: documents that the site's contents leave out, and links between
/// documents, to source files and to headings.
/// </summary>
[TestClass]
public sealed partial class DocumentLinkTests
{
    [TestMethod]
    public void Contents_of_the_site_list_each_document_once()
    {
        string[] listed = [.. Entries().Matches(Documents.Read("docs/toc.yml")).Select(match => $"docs/{match.Groups[1].Value}")];
        CollectionAssert.AreEquivalent(Documents.OfSite.ToArray(), listed);
    }

    [TestMethod]
    public void No_link_of_a_document_is_broken()
    {
        var links = Documents.All.SelectMany(document => LinksOf(document).Select(link => (Document: document, Link: link))).ToArray();
        Assert.IsNotEmpty(links);
        string[] broken = [.. links.Where(link => !Leads(link.Document, link.Link)).Select(link => $"{link.Document}: {link.Link}")];
        Assert.IsEmpty(broken, string.Join('\n', broken));
    }

    /// <summary>The links of a document that stay in the repository, of Markdown and of pictures.</summary>
    private static IEnumerable<string> LinksOf(string document) =>
        Links().Matches(Fences().Replace(Documents.Read(document), ""))
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains(':', StringComparison.Ordinal));

    private static bool Leads(string document, string link)
    {
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
        string path = Path.Combine(Goldens.RepositoryRoot, target);
        return (File.Exists(path) || Directory.Exists(path)) && (parts.Length < 2 || AnchorsOf(target).Contains(parts[1]));
    }

    /// <summary>The anchors of a document's headings: small letters, hyphens for spaces, without other signs.</summary>
    private static IEnumerable<string> AnchorsOf(string document) =>
        Headings().Matches(Fences().Replace(Documents.Read(document), ""))
            .Select(match => Signs().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"href: ([\w/.-]+\.md)")]
    private static partial Regex Entries();

    [GeneratedRegex("""(?:\]\(|(?:src|srcset)=")([^)"\s]+)[)"]""")]
    private static partial Regex Links();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Signs();
}

using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Tests.Examples;

/// <summary>Code that stands in documents compiles as it stands, with what examples may take for granted.</summary>
[TestClass]
public sealed partial class DocumentTests
{
    [TestMethod]
    [DataRow("docs/names.md", 2)]
    [DataRow("docs/acceptance.md", 1)]
    [DataRow("docs/memory-features.md", 2)]
    [DataRow("docs/plots.md", 3)]
    [DataRow("docs/serving.md", 5)]
    public void Its_code_compiles(string document, int blocks)
    {
        string text = File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, document));
        DocumentedExample[] examples =
        [
            .. CodeBlocks().Matches(text).Select(match =>
                new DocumentedExample(document, text.AsSpan(0, match.Groups[1].Index).Count('\n') + 1, match.Groups[1].Value)),
        ];
        Assert.HasCount(blocks, examples);
        string[] faults = [.. examples.SelectMany(example => example.Faults(ExampleTests.Preamble))];
        Assert.IsEmpty(faults, string.Join('\n', faults));
    }

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();
}

using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Tests.Examples;

/// <summary>Code that stands in documents compiles as it stands, with what examples may take for granted.</summary>
[TestClass]
public sealed partial class DocumentTests
{
    [TestMethod]
    public void Every_sample_compiles()
    {
        DocumentedExample[] samples = [.. Documents.OfSite.SelectMany(SamplesOf)];
        Assert.IsNotEmpty(samples);
        string[] faults = [.. samples.SelectMany(sample => sample.Faults(ExampleTests.Preamble))];
        Assert.IsEmpty(faults, $"Of {samples.Length} samples, some do not compile:\n{string.Join('\n', faults)}");
    }

    private static IEnumerable<DocumentedExample> SamplesOf(string document)
    {
        string text = Documents.Read(document);
        return CodeBlocks().Matches(text).Select(match =>
            new DocumentedExample(document, text.AsSpan(0, match.Groups[1].Index).Count('\n') + 1, match.Groups[1].Value));
    }

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Examples;

/// <summary>
/// Where users begin there is an <c>&lt;example&gt;</c>, and every example of what they see compiles as it stands, without a warning.
/// </summary>
/// <remarks>
/// An example is statements of a program, or types. It has the usings that a project of .NET has by itself, <c>Microsoft.ML</c>,
/// <c>Microsoft.ML.Data</c>, <c>Microsoft.ML.Tokenizers</c> and all namespaces of the library, and what <see cref="Assumed"/> declares.
/// </remarks>
[TestClass]
public sealed class ExampleTests
{
    /// <summary>What an example may use without declaring it; its own variables hide them.</summary>
    private const string Assumed =
        """
        global using static Assumed;

        public static class Assumed
        {
            public static readonly MLContext ml = new(seed: 42);
            public static readonly KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
        }

        public sealed class Question
        {
            [LoadColumn(0)]
            public string Text { get; set; } = "";

            [LoadColumn(1)]
            public bool Label { get; set; }
        }
        """;

    /// <summary>What stands before every example.</summary>
    internal static readonly SyntaxTree[] Preamble =
    [
        ProgramCompiler.GlobalUsings(
        [
            .. ProgramCompiler.ImplicitUsings, "Microsoft.ML.Data", "Microsoft.ML.Tokenizers", "TorchSharp",
            .. typeof(KnowledgeGraph).Assembly.GetExportedTypes().Select(type => type.Namespace!).Distinct(), "Microsoft.ML.Gmt.Plots",
            "Microsoft.ML.Gmt.Extensions", "Microsoft.Extensions.AI", "Microsoft.Extensions.DependencyInjection",
            "Microsoft.Extensions.Logging",
            "Microsoft.ML.Gmt.Notebooks",
        ]),
        CSharpSyntaxTree.ParseText(Assumed, ProgramCompiler.Parsing),
    ];

    private static readonly Lazy<LibrarySource> Library = new(LibrarySource.Read);

    [TestMethod]
    public void Every_example_compiles()
    {
        DocumentedExample[] examples = [.. Library.Value.Examples];
        Assert.IsNotEmpty(examples);
        string[] faults = [.. examples.SelectMany(example => example.Faults(Preamble))];
        Assert.IsEmpty(faults, $"Of {examples.Length} examples, some do not compile:\n{string.Join("\n", faults)}");
    }

    [TestMethod]
    public void Every_entry_point_has_an_example()
    {
        ISymbol[] entries = [.. Library.Value.Entries];
        Assert.IsNotEmpty(entries);
        string[] bare = [.. entries.Where(entry => !LibrarySource.ExamplesOf(entry).Any()).Select(entry => entry.ToDisplayString())];
        Assert.IsEmpty(bare, $"Of {entries.Length} entry points, some have no <example> with <code>:\n{string.Join("\n", bare)}");
    }

    [TestMethod]
    public void A_missing_example_and_a_broken_one_are_found()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write(
            "Catalog.cs",
            """
            namespace Microsoft.ML;
            public static class Catalog
            {
                /// <example>
                /// <code>
                /// List&lt;int> numbers = [1];
                /// await Task.Delay(numbers.Count);
                /// int lost = numbers;
                /// </code>
                /// </example>
                public static void Broken(this string text) { }
                public static void Bare(this string text) { }
                internal static void Hidden(this string text) { }
            }
            public interface IContract { }
            """);
        LibrarySource source = LibrarySource.Of(file);
        string[] bare = [.. source.Entries.Where(entry => !LibrarySource.ExamplesOf(entry).Any()).Select(entry => entry.Name)];
        CollectionAssert.AreEquivalent(new[] { "Bare", "IContract" }, bare);
        string fault = source.Examples.Single().Faults(Preamble).Single();
        StringAssert.Contains(fault, "Catalog.cs(8,");
        StringAssert.Contains(fault, "CS0029");
    }
}

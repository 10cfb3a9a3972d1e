using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microsoft.ML.Gmt.Tests;

/// <summary>The code of README.md is compiled as it stands and run, one block after the other in one folder, on a small graph in place of its large one.</summary>
[TestClass]
public sealed partial class ReadMeTests
{
    [TestMethod]
    public void Its_code_compiles_and_runs()
    {
        string[] blocks = [.. CodeBlocks().Matches(File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, "README.md"))).Select(match => match.Groups[1].Value)];
        Assert.HasCount(2, blocks);
        using var folder = new TemporaryFolder();
        WriteSmallGraph(folder);
        string training = Run(blocks[0]
            .Replace("examples/data/codex-s", folder.Path, StringComparison.Ordinal)
            .Replace("examples/models/tiny-llama", Path.Combine(Goldens.RepositoryRoot, "examples", "models", "tiny-llama"), StringComparison.Ordinal)
            .Replace("facts.zip", folder["facts.zip"], StringComparison.Ordinal));
        StringAssert.Matches(training, new Regex("^accuracy .*, AUC "));
        string asking = Run(blocks[1].Replace("facts.zip", folder["facts.zip"], StringComparison.Ordinal)
            .Replace("Q539171", "e1", StringComparison.Ordinal).Replace("P20", "r0", StringComparison.Ordinal).Replace("\"Q90\"", "\"e2\"", StringComparison.Ordinal));
        StringAssert.Matches(asking, new Regex(@"^(True|False), \d+\s?%, for it read: \(e"));
    }

    private static void WriteSmallGraph(TemporaryFolder folder)
    {
        const int entities = 12;
        (int Head, int Tail, int Relation)[] triples = [.. Enumerable.Range(0, 60).Select(i => (i % entities, ((i * 5) + 1) % entities, i % 3))];
        string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Prepend($"{lines.Count()}")) + "\n";
        string Triples(int skip, int take) => Lines(triples.Skip(skip).Take(take).Select(triple => $"{triple.Head} {triple.Tail} {triple.Relation}"));
        folder.With("entity2id.txt", Lines(Enumerable.Range(0, entities).Select(id => $"e{id}\t{id}")))
            .With("relation2id.txt", Lines(Enumerable.Range(0, 3).Select(id => $"r{id}\t{id}")))
            .With("train2id.txt", Triples(0, 40)).With("valid2id.txt", Triples(40, 10)).With("test2id.txt", Triples(50, 10))
            .With("valid_neg2id.txt", Triples(5, 10)).With("test_neg2id.txt", Triples(15, 10));
    }

    /// <summary>Compiles a program of top-level statements, runs it, and returns what it printed.</summary>
    private static string Run(string program)
    {
        CSharpCompilation compilation = ProgramCompiler.Compile(
            ProgramCompiler.GlobalUsings(ProgramCompiler.ImplicitUsings), CSharpSyntaxTree.ParseText(program, ProgramCompiler.Parsing));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.IsTrue(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            Assembly.Load(assembly.ToArray()).EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString();
    }

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();
}

using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microsoft.ML.Gmt.Tests;

/// <summary>The code of README.md is compiled as it stands and run, one block after the other in one folder.</summary>
[TestClass]
public sealed partial class ReadMeTests
{
    [TestMethod]
    public void Its_code_compiles_and_runs()
    {
        string[] blocks = [.. CodeBlocks().Matches(File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, "README.md"))).Select(match => match.Groups[1].Value)];
        Assert.HasCount(3, blocks);
        using var folder = new TemporaryFolder();

        // The file of the README, but for most of its lines, and fewer epochs, so that training is over soon.
        string products = Path.Combine(Goldens.RepositoryRoot, "examples", "data", "products.csv");
        folder.With("products.csv", string.Join('\n', File.ReadLines(products).Take(100)) + "\n");
        StringAssert.Matches(
            Run(blocks[0].Replace("examples/data/products.csv", products, StringComparison.Ordinal)),
            new Regex(@"^(True|False), \d+\s?%, by paths such as\n\("));
        string training = Run(blocks[1]
            .Replace("examples/data/products.csv", folder["products.csv"], StringComparison.Ordinal)
            .Replace(
                "examples/models/tiny-llama", Path.Combine(Goldens.RepositoryRoot, "examples", "models", "tiny-llama"),
                StringComparison.Ordinal)
            .Replace("SgmPretrain(graph)", "SgmPretrain(graph, numberOfEpochs: 3)", StringComparison.Ordinal)
            .Replace("tiny-llama\")", "tiny-llama\", numberOfEpochs: 3)", StringComparison.Ordinal)
            .Replace("facts.zip", folder["facts.zip"], StringComparison.Ordinal));
        StringAssert.Matches(training, new Regex("^accuracy .*, AUC "));
        string asking = Run(blocks[2].Replace("facts.zip", folder["facts.zip"], StringComparison.Ordinal));
        StringAssert.Matches(asking, new Regex(@"^(True|False), \d+\s?%, for it read: \("));
    }

    /// <summary>Compiles a program of top-level statements, runs it, and returns what it printed.</summary>
    private static string Run(string program)
    {
        CSharpCompilation compilation = ProgramCompiler.Compile(
            ProgramCompiler.GlobalUsings(ProgramCompiler.ImplicitUsings), CSharpSyntaxTree.ParseText(program, ProgramCompiler.Parsing));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.IsTrue(
            result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
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

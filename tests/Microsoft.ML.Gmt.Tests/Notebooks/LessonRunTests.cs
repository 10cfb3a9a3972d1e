using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microsoft.ML.Gmt.Tests.Notebooks;

/// <summary>
/// Two lessons are run as programs, with the library as it was built: seconds, where packing and restoring would take minutes.
/// <c>./build.sh notebooks</c> runs all of them in both forms from the packed packages.
/// </summary>
[TestClass]
public sealed class LessonRunTests
{
    [TestMethod]
    [DataRow("01-first-facts", "(Ball valve 3/4\" no. 103, made of, bronze): ", "first-facts")]
    [DataRow("02-your-own-graph", "(Camembert, is, washed-rind cheese): ", "your-own-graph")]
    public void A_lesson_runs_and_writes_its_projects(string name, string answer, string projects)
    {
        using var folder = new TemporaryFolder();
        string notebooks = Directory.CreateDirectory(folder["notebooks"]).FullName;
        Directory.CreateSymbolicLink(folder["data"], Path.Combine(Goldens.RepositoryRoot, "examples", "data"));
        string output = RunIn(notebooks, name);
        StringAssert.Contains(output, answer);
        foreach (string file in new[] { "console/Program.cs", "web/Program.cs" })
        {
            Assert.IsTrue(File.Exists(Path.Combine(notebooks, projects, file)), file);
        }
    }

    private static string RunIn(string folder, string name)
    {
        // The compiler knows directives of file-based programs in files of such programs alone.
        string source = string.Join('\n', File.ReadLines(Path.Combine(CommittedNotebooksTests.Folder, $"{name}.cs"))
            .Where(line => !line.StartsWith("#:", StringComparison.Ordinal)));
        CSharpCompilation compilation = ProgramCompiler.Compile(
            ProgramCompiler.GlobalUsings(ProgramCompiler.ImplicitUsings), CSharpSyntaxTree.ParseText(source, ProgramCompiler.Parsing));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.IsTrue(
            result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        (TextWriter console, string current) = (Console.Out, Environment.CurrentDirectory);
        using var output = new StringWriter();
        Console.SetOut(output);
        Environment.CurrentDirectory = folder;
        try
        {
            Assembly.Load(assembly.ToArray()).EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Environment.CurrentDirectory = current;
            Console.SetOut(console);
        }

        return output.ToString();
    }
}

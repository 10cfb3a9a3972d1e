using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Notebooks;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Notebooks;

/// <summary>The written projects are built and asked by <c>./build.sh notebooks</c>; here their code is compiled.</summary>
[TestClass]
public sealed class FactProjectsTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Its_program_compiles_whatever_the_names_are(bool hasVerdicts)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        KnowledgeGraph graph = Pipelines.Graph;
        string file = folder["my & model%20;2.zip"];
        using var model = hasVerdicts ? (IDisposable)Pipelines.Fit() : ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
        ml.Model.SaveAtomically((ITransformer)model, graph.ToDataView().Schema, file);
        FactProjects projects = FactProjects.Write(
            file, folder["out"], "a \"quoted\" \\ name @MODEL@", "line\nbreak", "𝔘",
            new Dictionary<string, string> { ["Some.Package"] = "1.2.3" });
        string[] written =
        [
            .. Directory.EnumerateFiles(projects.Folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(projects.Folder, path).Replace(Path.DirectorySeparatorChar, '/'))
                .Order(StringComparer.Ordinal),
        ];
        CollectionAssert.AreEqual(
            new[]
            {
                "console/FactJudge.cs", "console/Program.cs", "console/console.csproj", "my & model%20;2.zip",
                "web/FactJudge.cs", "web/Program.cs", "web/web.csproj",
            },
            written);

        SyntaxTree[] sources =
        [
            ProgramCompiler.GlobalUsings(ProgramCompiler.ImplicitUsings),
            .. new[] { "Program.cs", "FactJudge.cs" }.Select(name => CSharpSyntaxTree.ParseText(
                File.ReadAllText(Path.Combine(projects.Folder, "console", name)), ProgramCompiler.Parsing)),
        ];
        string[] faults =
        [
            .. ProgramCompiler.Compile(sources).GetDiagnostics()
                .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.ToString()),
        ];
        Assert.IsEmpty(faults, string.Join('\n', faults));
        Assert.Contains(
            "a \"quoted\" \\ name @MODEL@",
            sources[1].GetRoot().DescendantTokens()
                .Where(token => token.IsKind(SyntaxKind.StringLiteralToken)).Select(token => token.ValueText));
        string project = File.ReadAllText(Path.Combine(projects.Folder, "web", "web.csproj"));
        StringAssert.Contains(project, "<PackageReference Include=\"Some.Package\" Version=\"1.2.3\" />");
        StringAssert.Contains(project, "<None Include=\"../my &amp; model%2520%3B2.zip\" Link=\"my &amp; model%2520%3B2.zip\"");
    }

    [TestMethod]
    public void Chains_within_chains_are_looked_into()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        IDataView rows = Pipelines.Graph.ToDataView();
        using var model = ml.Transforms.CopyColumns("Copy", "Head")
            .Append(ml.Transforms.CopyColumns("Other", "Head").Append(ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options)))
            .Fit(rows);
        ml.Model.SaveAtomically(model, rows.Schema, folder["nested.zip"]);
        FactProjects projects = FactProjects.Write(folder["nested.zip"], folder["a folder"], "h", "r", "t");
        StringAssert.Contains($"{projects}", $"dotnet run --project \"{projects.Folder}/console\"");
    }

    [TestMethod]
    public void A_model_without_verdicts_is_refused()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        IDataView rows = Pipelines.Graph.ToDataView();
        ml.Model.Save(ml.Transforms.CopyColumns("Copy", "Head").Fit(rows), rows.Schema, folder["copy.zip"]);
        string message = Assert.ThrowsExactly<NotSupportedException>(
            () => FactProjects.Write(folder["copy.zip"], folder["out"], "h", "r", "t")).Message;
        StringAssert.Contains(message, "ColumnCopyingTransformer");
        Assert.IsFalse(Directory.Exists(folder["out"]));
    }
}

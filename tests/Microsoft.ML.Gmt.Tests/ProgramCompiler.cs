using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microsoft.ML.Gmt.Tests;

/// <summary>
/// Compiles programs that stand in documents as a user would: with what the tests refer to, and without the library's internals.
/// </summary>
internal static class ProgramCompiler
{
    /// <summary>The namespaces that a project has without saying so.</summary>
    public static readonly IReadOnlyList<string> ImplicitUsings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
    ];

    /// <summary>How the library's own sources and programs are parsed.</summary>
    public static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.Parse);

    // Its references are read once; compilations that are made of it share them.
    private static readonly Lazy<CSharpCompilation> Empty = new(() => CSharpCompilation.Create(
        "Empty",
        references: ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
        options: new CSharpCompilationOptions(
            OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true)));

    /// <summary>A compilation of trees; a program where one has top-level statements, else a library.</summary>
    /// <param name="trees">Parsed with <see cref="Parsing"/>.</param>
    public static CSharpCompilation Compile(params IEnumerable<SyntaxTree> trees)
    {
        SyntaxTree[] all = [.. trees];
        bool isProgram = all.Any(tree => tree.GetCompilationUnitRoot().Members.Any(SyntaxKind.GlobalStatement));
        CSharpCompilation compilation = Empty.Value.WithAssemblyName($"Program{Guid.NewGuid():n}").AddSyntaxTrees(all);
        return isProgram ? compilation : compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.DynamicallyLinkedLibrary));
    }

    /// <summary>A file that imports namespaces in all others.</summary>
    /// <param name="namespaces">The namespaces.</param>
    public static SyntaxTree GlobalUsings(IEnumerable<string> namespaces) =>
        CSharpSyntaxTree.ParseText(string.Concat(namespaces.Select(name => $"global using {name};\n")), Parsing);
}

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Tests.Examples;

/// <summary>The source of the library and of the packages beside it, read for the documentation of what a user sees of it.</summary>
internal sealed partial class LibrarySource
{
    /// <summary>Entries that no catalog makes; no rule tells them from their parts.</summary>
    private static readonly Type[] EntriesWithoutCatalog = [typeof(KnowledgeGraphBuilder), typeof(TripleJudge)];

    private static readonly string[] Roots =
    [
        .. new[] { "Microsoft.ML.Gmt", "Gmt.Plots", "Gmt.Extensions", "Gmt.Notebooks" }.Select(project => Path.Combine("src", project)),
    ];

    private readonly ISymbol[] _visible;
    private readonly HashSet<string> _words;

    private LibrarySource(IEnumerable<string> files, IEnumerable<string> documents)
    {
        SyntaxTree[] trees = [.. files.Select(Parse)];
        CSharpCompilation compilation = ProgramCompiler.Compile(trees.Append(ProgramCompiler.GlobalUsings(ProgramCompiler.ImplicitUsings)));
        _visible =
        [
            .. VisibleTypes(compilation.Assembly.GlobalNamespace).SelectMany(type => type.GetMembers().Where(IsVisible).Prepend(type)),
        ];
        _words = [.. documents.SelectMany(document => Words().Matches(File.ReadAllText(document))).Select(match => match.Value)];
    }

    /// <summary>Everything that users see and that is documented by an example.</summary>
    public IEnumerable<DocumentedExample> Examples => _visible.SelectMany(ExamplesOf);

    /// <summary>Where users begin, see <see cref="IsEntry"/>.</summary>
    public IEnumerable<ISymbol> Entries => _visible.Where(IsEntry);

    /// <summary>Reads the source of this repository.</summary>
    public static LibrarySource Read() =>
        new(
            Roots.SelectMany(root => Below(root, "*.cs")),
            [.. Below("docs", "*.md"), .. Below("examples", "*.cs"), InRepository("README.md")]);

    /// <summary>Reads one text as if it were the whole source.</summary>
    /// <param name="file">The text's file.</param>
    public static LibrarySource Of(string file) => new([file], []);

    /// <summary>The examples in the documentation of a type or a member.</summary>
    /// <param name="symbol">The type or member.</param>
    public static IEnumerable<DocumentedExample> ExamplesOf(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.SelectMany(reference => DocumentedExample.Of(reference.GetSyntax()));

    /// <summary>
    /// Whether users begin here: extension methods of ML.NET's catalogs and the library's graphs, estimators and transformers, interfaces
    /// to be implemented, and what makes an object of a type that README, docs or examples name.
    /// </summary>
    private bool IsEntry(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { IsExtensionMethod: true } method => method.ContainingNamespace.ToDisplayString() == "Microsoft.ML",
        IMethodSymbol { IsStatic: true, MethodKind: MethodKind.Ordinary } method =>
            Making().IsMatch(method.Name) && _words.Contains(method.ContainingType.Name),
        INamedTypeSymbol { TypeKind: TypeKind.Interface } => true,
        INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: false } type =>
            type.AllInterfaces.Any(contract => contract.Name is nameof(IEstimator<>) or nameof(ITransformer))
            || Array.Exists(EntriesWithoutCatalog, entry => entry.FullName == type.ToDisplayString()),
        _ => false,
    };

    private static IEnumerable<INamedTypeSymbol> VisibleTypes(INamespaceOrTypeSymbol parent) =>
    [
        .. parent.GetTypeMembers().Where(IsVisible).SelectMany(type => VisibleTypes(type).Prepend(type)),
        .. parent.GetMembers().OfType<INamespaceSymbol>().SelectMany(VisibleTypes),
    ];

    private static bool IsVisible(ISymbol symbol) => symbol.DeclaredAccessibility == Accessibility.Public;

    private static SyntaxTree Parse(string file)
    {
        string path = Path.GetRelativePath(Goldens.RepositoryRoot, file).Replace(Path.DirectorySeparatorChar, '/');
        return CSharpSyntaxTree.ParseText(File.ReadAllText(file), ProgramCompiler.Parsing, path);
    }

    private static IEnumerable<string> Below(string folder, string pattern) =>
        Directory.EnumerateFiles(InRepository(folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string InRepository(string path) => Path.Combine(Goldens.RepositoryRoot, path);

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();

    [GeneratedRegex(@"^(Load|Open|Read|From|Create|Fit)(?=\p{Lu}|$)")]
    private static partial Regex Making();
}

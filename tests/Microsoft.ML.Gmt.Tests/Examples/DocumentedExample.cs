using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microsoft.ML.Gmt.Tests.Examples;

/// <summary>The code of an <c>&lt;example&gt;</c> in a documentation comment.</summary>
/// <param name="File">The file, from the repository's root.</param>
/// <param name="Line">Where its first line stands, from 1.</param>
/// <param name="Code">What a reader sees: without slashes, entities decoded.</param>
internal sealed record DocumentedExample(string File, int Line, string Code)
{
    /// <summary>The examples of a declaration, in their order.</summary>
    /// <param name="declaration">A type, a method or another member.</param>
    public static IEnumerable<DocumentedExample> Of(SyntaxNode declaration) =>
        declaration.GetLeadingTrivia().Select(trivia => trivia.GetStructure()).OfType<DocumentationCommentTriviaSyntax>()
            .SelectMany(comment => Elements(comment, "example")).SelectMany(example => Elements(example, "code")).Select(Read);

    /// <summary>What a user's program does not compile with, as the compiler says it, at the place in the library's source.</summary>
    /// <param name="usings">What it may take for granted.</param>
    public IEnumerable<string> Faults(params IEnumerable<SyntaxTree> usings)
    {
        SyntaxTree program = CSharpSyntaxTree.ParseText($"#line {Line} \"{File}\"\n{Code}", ProgramCompiler.Parsing);
        return ProgramCompiler.Compile(usings.Append(program)).GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic.ToString());
    }

    private static DocumentedExample Read(XmlElementSyntax code)
    {
        string text = string.Concat(code.Content.SelectMany(node => node.DescendantTokens()).Select(token => token.ValueText));
        FileLinePositionSpan place = code.SyntaxTree.GetLineSpan(code.StartTag.Span);
        return new DocumentedExample(place.Path, place.EndLinePosition.Line + 1, text);
    }

    private static IEnumerable<XmlElementSyntax> Elements(SyntaxNode parent, string name) =>
        parent.DescendantNodes().OfType<XmlElementSyntax>().Where(element => element.StartTag.Name.ToString() == name);
}

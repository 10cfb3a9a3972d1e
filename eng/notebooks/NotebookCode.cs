using System.Text.RegularExpressions;

namespace Lessons;

/// <summary>The code of a file-based program as the C# kernel of notebooks takes it.</summary>
internal static partial class NotebookCode
{
    /// <summary>
    /// Packages become <c>#r "nuget: …"</c>; properties of the build, which notebooks have not, go. Where a cell ends by writing a
    /// value, and no text, to the console, the notebook gets the value itself, so that its formatter shows it; so does one that ends with
    /// the comment <c>// show: VALUE</c>, for values that say nothing on a console.
    /// </summary>
    /// <param name="lines">The lines of a code cell.</param>
    /// <exception cref="FormatException">A line has no counterpart in a notebook.</exception>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> lines)
    {
        string[] code = [.. lines.Where(line => !line.StartsWith("#:property ", StringComparison.Ordinal)).Select(Line)];
        if (code.Length > 0 && WrittenValue().Match(code[^1]) is { Success: true } written)
        {
            code[^1] = written.Groups["value"].Value;
        }

        return code;
    }

    /// <summary>Whether a notebook's cell asks for packages; what is said while they load is of the machine and of no use.</summary>
    public static bool AsksForPackages(string source) => source.StartsWith("#r \"nuget:", StringComparison.Ordinal);

    private static string Line(string line)
    {
        if (PackageLine().Match(line) is { Success: true } package)
        {
            return $"#r \"nuget: {package.Groups["name"].Value}, {package.Groups["version"].Value}\"";
        }

        if (line.StartsWith("#:", StringComparison.Ordinal))
        {
            throw new FormatException(
                $"'{line}' has no counterpart in a notebook; lessons have '#:package NAME@VERSION' and '#:property' lines.");
        }

        return UsingDeclaration().IsMatch(line)
            ? throw new FormatException($"'{line}' is refused at the top of a notebook's cell; call Dispose at the end, or use a block.")
            : line;
    }

    [GeneratedRegex(@"^#:package (?<name>[\w.-]+)@(?<version>[\w.+-]+)$")]
    private static partial Regex PackageLine();

    [GeneratedRegex(@"^(Console\.WriteLine\((?<value>[^""]+)\);|// show: (?<value>.+))$")]
    private static partial Regex WrittenValue();

    [GeneratedRegex(@"^using (var|[\w.<>?]+) \w+ =")]
    private static partial Regex UsingDeclaration();
}

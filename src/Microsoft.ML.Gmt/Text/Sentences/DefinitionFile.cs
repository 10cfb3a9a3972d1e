using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Texts by name, such as the definitions of relations that relation semantics are encoded from.</summary>
/// <param name="Definitions">The text of each name.</param>
/// <param name="SkippedLines">How many lines were neither blank nor a name with a text; 0 for JSON.</param>
internal sealed record DefinitionFile(IReadOnlyDictionary<string, string> Definitions, int SkippedLines)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file as the reference does.</summary>
    /// <remarks>
    /// A file whose name ends with <c>.json</c> is an object of names and texts. Any other has a line for each: the name, a tab, and the
    /// text, or where the line has no tab, a comma between them. Blanks around a line do not count, and a later line for the same name
    /// wins.
    /// </remarks>
    /// <param name="path">The file, UTF-8.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GmtFileException">The JSON is malformed, or the file is not UTF-8.</exception>
    public static DefinitionFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Dictionary<string, string> definitions = new(StringComparer.Ordinal);
        if (path.EndsWith(".json", StringComparison.Ordinal))
        {
            foreach (KeyValuePair<string, JsonPart> entry in JsonPart.Read(path).Properties())
            {
                definitions[entry.Key] = entry.Value.Text();
            }

            return new DefinitionFile(definitions, 0);
        }

        if (MistakenFile.RecognizeInText(MistakenFile.Head(path)) is { } mistake)
        {
            throw new GmtFileException(path, null, mistake.Problem, mistake.Remedy);
        }

        int skipped = 0;
        int number = 0;
        try
        {
            foreach (string line in File.ReadLines(path, StrictUtf8))
            {
                number++;
                string entry = line.Trim();
                int separator = entry.Contains('\t', StringComparison.Ordinal)
                    ? entry.IndexOf('\t', StringComparison.Ordinal)
                    : entry.IndexOf(',', StringComparison.Ordinal);
                if (separator >= 0)
                {
                    definitions[entry[..separator]] = entry[(separator + 1)..];
                }
                else if (entry.Length > 0)
                {
                    skipped++;
                }
            }
        }
        catch (DecoderFallbackException error)
        {
            throw new GmtFileException(path, $"after line {number}", "the text is not valid UTF-8.", innerException: error);
        }

        return new DefinitionFile(definitions, skipped);
    }

    /// <summary>The texts of names, in their order; a name without a definition stands for itself.</summary>
    /// <param name="names">The names, such as those of a graph's relations.</param>
    public IReadOnlyList<string> TextsOf(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return [.. names.Select(name => Definitions.GetValueOrDefault(name, name))];
    }
}

using System.Globalization;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// The parts of a file with their sizes and SHA-256 hashes, as text that checks itself: no part can change unnoticed, nor the list.
/// </summary>
/// <remarks>
/// Lines that end with <c>\n</c>: <c>gmt manifest 1</c>; a line <c>HASH SIZE NAME</c> for each part, in the order of the names; the hash
/// of all lines before it. Hashes are SHA-256 in lower-case hexadecimal digits, sizes are bytes. A name may hold blanks, but no line
/// break.
/// </remarks>
internal sealed class Manifest
{
    private const string FirstLine = "gmt manifest 1";
    private const int HashDigits = 64;

    private readonly SortedDictionary<string, ContentHash> _parts = new(StringComparer.Ordinal);

    /// <summary>The parts by name.</summary>
    public IReadOnlyDictionary<string, ContentHash> Parts => _parts;

    /// <summary>Lists a part.</summary>
    /// <exception cref="ArgumentException">The name is there already, is empty or holds a line break.</exception>
    public void Add(string name, ContentHash content)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.AsSpan().IndexOfAny('\r', '\n') >= 0)
        {
            throw new ArgumentException($"The name '{name}' of a part holds a line break.", nameof(name));
        }

        _parts.Add(name, content);
    }

    /// <summary>The list as text.</summary>
    public string ToText()
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        foreach ((string name, ContentHash content) in _parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{content.Sha256} {content.Length} {name}\n");
        }

        return text.Append(HashOf(text.ToString())).Append('\n').ToString();
    }

    /// <summary>Reads a list.</summary>
    /// <param name="text">What <see cref="ToText"/> gave.</param>
    /// <param name="source">What messages call the list.</param>
    /// <exception cref="GmtFileException">It is no such list, or it was changed.</exception>
    public static Manifest Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        int end = text.Length - HashDigits - 1;
        if (end < FirstLine.Length
            || !text.StartsWith(FirstLine + "\n", StringComparison.Ordinal)
            || text[end - 1] != '\n'
            || text[^1] != '\n'
            || !text.AsSpan(end, HashDigits).SequenceEqual(HashOf(text[..end])))
        {
            throw Damaged(source, "the list of hashes does not agree with its own hash.");
        }

        var manifest = new Manifest();
        foreach (string line in text[..(end - 1)].Split('\n')[1..])
        {
            string[] fields = line.Split(' ', 3);
            if (fields is not [{ Length: HashDigits } hash, _, { Length: > 0 } name]
                || !long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out long length)
                || !manifest._parts.TryAdd(name, new ContentHash(length, hash)))
            {
                throw Damaged(source, $"the line '{GmtFileException.Shorten(line)}' is malformed.");
            }
        }

        return manifest;
    }

    /// <summary>Checks that a part is what is listed.</summary>
    /// <param name="name">Its name here.</param>
    /// <param name="found">What was read.</param>
    /// <param name="source">What messages call the part.</param>
    /// <param name="cause">What went wrong when it was read, if something did.</param>
    /// <exception cref="GmtFileException">It is not listed, or is another.</exception>
    public void Check(string name, ContentHash found, string source, Exception? cause = null)
    {
        if (!_parts.TryGetValue(name, out ContentHash listed))
        {
            throw Damaged(source, "it is not in the list of hashes that was saved with it.", cause);
        }

        if (found.Length != listed.Length)
        {
            throw Damaged(
                source, string.Create(CultureInfo.InvariantCulture, $"it has {found.Length} bytes; {listed.Length} were saved."), cause);
        }

        if (found.Sha256 != listed.Sha256)
        {
            throw Damaged(source, "its bytes are not those that were saved: the SHA-256 hash differs.", cause);
        }
    }

    private static string HashOf(string text) => ContentHash.Of(Encoding.UTF8.GetBytes(text)).Sha256;

    private static GmtFileException Damaged(string source, string problem, Exception? cause = null) =>
        new(source, null, problem, "The file is damaged; take an undamaged copy, or save it again.", cause);
}

using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>What lies in place of a file: what it is, and what to do.</summary>
/// <param name="Problem">What it is, as a sentence.</param>
/// <param name="Remedy">What to do, as a sentence.</param>
internal readonly record struct MistakenFile(string Problem, string Remedy)
{
    /// <summary>How many bytes of a file are looked at.</summary>
    public const int HeadLength = 512;

    private const string Again = "Download the file again";

    // What servers of models answer in place of a file, where a program saves the answer without looking at its status.
    private static readonly string[] Answers =
    [
        "Entry not found", "Repository not found", "Revision not found", "Not Found", "404: Not Found", "404 Not Found", "403 Forbidden",
        "Invalid username or password", "Invalid credentials", "Access to model", "Access denied", "Access Denied", "Forbidden",
        "Unauthorized", "Too Many Requests", "Internal Server Error",
    ];

    /// <summary>Tells from a file's first bytes what a download, a clone or a mistaken name left in place of weights, a tokenizer or
    /// JSON.</summary>
    /// <param name="head">The first <see cref="HeadLength"/> bytes, or all there are.</param>
    /// <returns>What it is; null where it is nothing of the kind.</returns>
    public static MistakenFile? Recognize(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return new MistakenFile("the file is empty.", $"{Again}.");
        }

        if (IsGitLfsPointer(head))
        {
            return new MistakenFile(
                "this is a Git LFS pointer, not the file itself.", "Run 'git lfs pull' in its folder, or download the file.");
        }

        if (head.StartsWith("# xet version"u8))
        {
            return new MistakenFile("this is a pointer of Xet, not the file itself.", $"{Again}, with 'hf download' for instance.");
        }

        ReadOnlySpan<byte> text = head[(head.StartsWith("\uFEFF"u8) ? 3 : 0)..].TrimStart(" \t\r\n"u8);
        if (text is [(byte)'<', (byte)'!' or (byte)'?' or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z'), ..])
        {
            return new MistakenFile(
                "this is a page of HTML or XML, such as a server answers in place of a file.",
                $"{Again}, signed in where the site asks for it.");
        }

        foreach (string answer in Answers)
        {
            if (text.StartsWith(Encoding.ASCII.GetBytes(answer)))
            {
                return new MistakenFile(
                    $"this is a server's answer, '{Line(text)}', not the file.", $"{Again}, signed in where the site asks for it.");
            }
        }

        return head.Length == HeadLength && head.IndexOfAnyExcept((byte)0) < 0
            ? new MistakenFile("the file begins with nothing but zeros: it was not downloaded to the end.", $"{Again}.")
            : Packed(head);
    }

    /// <summary>
    /// Tells from a file's first bytes what lies in place of a text in which words like a server's answers may stand, such as names.
    /// </summary>
    /// <param name="head">The first <see cref="HeadLength"/> bytes, or all there are.</param>
    /// <returns>What it is; null where it may be the text.</returns>
    public static MistakenFile? RecognizeInText(ReadOnlySpan<byte> head) => IsInPlaceOfFile(head) ? Recognize(head) : Packed(head);

    /// <summary>Whether a file of any kind, a text of triples too, can only be a pointer or a page in its place.</summary>
    public static bool IsInPlaceOfFile(ReadOnlySpan<byte> head)
    {
        string start = Encoding.Latin1.GetString(head[..Math.Min(head.Length, 64)].TrimStart("\uFEFF"u8)).TrimStart();
        return IsGitLfsPointer(head) || head.StartsWith("# xet version"u8)
            || start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a file is what a clone without Git LFS has in place of a large file.</summary>
    private static bool IsGitLfsPointer(ReadOnlySpan<byte> head) =>
        head.StartsWith("version https://git-lfs"u8) || head.StartsWith("version https://hawser"u8);

    /// <summary>Tells of a link that leads nowhere, such as a cache has whose files were removed: opening it would only say that it is not
    /// there.</summary>
    /// <exception cref="FileNotFoundException">The path is such a link.</exception>
    public static void ThrowIfBrokenLink(string path)
    {
        if (IsBrokenLink(path))
        {
            throw new FileNotFoundException($"'{path}' is a link to a file that does not exist; download the model again.", path);
        }
    }

    /// <summary>Whether a path is a link that leads nowhere.</summary>
    public static bool IsBrokenLink(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true };

    /// <summary>The first bytes of a file.</summary>
    public static byte[] Head(string path)
    {
        byte[] head = new byte[HeadLength];
        using FileStream stream = File.OpenRead(path);
        return head[..stream.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false)];
    }

    private static MistakenFile? Packed(ReadOnlySpan<byte> head) => head switch
    {
        [(byte)'G', (byte)'G', (byte)'U', (byte)'F', < (byte)'\t', ..] => new MistakenFile(
            "this is a model of llama.cpp (GGUF) under another name.", "Name it .gguf, in a folder without a config.json."),
        [(byte)'P', (byte)'K', 3, 4, ..] => new MistakenFile(
            "this is a zip archive, or a spreadsheet of Excel.", "Unpack it first, or save it as text (CSV UTF-8)."),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => new MistakenFile("this is a spreadsheet of Excel.", "Save it as text (CSV UTF-8)."),
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', 0x15, ..] => new MistakenFile("this is a Parquet file.", "Export it as CSV."),
        [0x1F, 0x8B, ..] => new MistakenFile("this is a gzip archive.", "Unpack it first."),
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => new MistakenFile(
            "this is a bzip2 archive.", "Unpack it first."),
        [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => new MistakenFile("this is a 7z archive.", "Unpack it first."),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => new MistakenFile("this is a Zstandard archive.", "Unpack it first."),
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => new MistakenFile("this is an xz archive.", "Unpack it first."),
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => new MistakenFile("this is an HDF5 file.", "Get the model's safetensors files."),
        _ when head.StartsWith("SQLite format 3\0"u8) => new MistakenFile("this is an SQLite database.", "Export its table as CSV."),
        _ => null,
    };

    private static string Line(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny((byte)'\r', (byte)'\n');
        return GmtFileException.Shorten(Encoding.UTF8.GetString(end < 0 ? text : text[..end]));
    }
}

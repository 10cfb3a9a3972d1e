namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// A file, or a part of a saved model, does not hold what it should, or asks for something that this library does not do. The message names
/// the file, the place in it, what is wrong and, where it does not follow from that, what to do.
/// </summary>
/// <remarks>
/// All faults in the content of files are of this type or derived from it. A file that is not there is a
/// <see cref="FileNotFoundException"/>, one that cannot be read an <see cref="IOException"/>.
/// </remarks>
public class GmtFileException : FormatException
{
    private const int LongestPart = 80;

    /// <summary>Initializes the exception without a place.</summary>
    public GmtFileException()
        : base("A file does not hold what it should.")
    {
    }

    /// <summary>Initializes the exception with a message that already says everything.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public GmtFileException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with a message that already says everything, and its cause.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public GmtFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Initializes the exception with the place of the fault.</summary>
    /// <param name="filePath">The file, as it was given or found, or its entry in a saved model.</param>
    /// <param name="place">Where in it, such as <c>line 3, column 7</c> or <c>$.model.vocab</c>; null where the file as a whole is
    /// meant.</param>
    /// <param name="problem">What is wrong, as a sentence without the place.</param>
    /// <param name="remedy">What to do, as a sentence; null where the problem says it.</param>
    /// <param name="innerException">The cause, if another exception led here.</param>
    public GmtFileException(string filePath, string? place, string problem, string? remedy = null, Exception? innerException = null)
        : base($"{filePath}{(place is null ? "" : $", {place}")}: {problem}{(remedy is null ? "" : $" {remedy}")}", innerException)
    {
        FilePath = filePath;
        Place = place;
        Remedy = remedy;
    }

    /// <summary>The file at fault, as it was given or found; null where it is not known, as for a stream.</summary>
    public string? FilePath { get; }

    /// <summary>
    /// Where in the file the fault is (line and column, tensor, byte offset, JSON element); null where the file as a whole is meant.
    /// </summary>
    public string? Place { get; }

    /// <summary>What to do; null where the message says it already.</summary>
    public string? Remedy { get; }

    /// <summary>A part of a file as a message shows it: a hostile one may be megabytes long, the message must stay readable.</summary>
    internal static string Shorten(string text, int longest = LongestPart) =>
        text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…");
}

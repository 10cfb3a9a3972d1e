using System.Globalization;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// A file of a tokenizer, a sentence encoder, a prompt template or instructions is malformed, or asks for something that this library does
/// not do. The message names the file and the place in it.
/// </summary>
public sealed class TextFileException : FormatException
{
    /// <summary>Initializes an empty exception.</summary>
    public TextFileException()
    {
    }

    /// <summary>Initializes the exception with a message.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public TextFileException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with a message and its cause.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public TextFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Initializes the exception with the place of the fault in a JSON file.</summary>
    /// <param name="fileName">The file.</param>
    /// <param name="element">The path of the element, such as <c>model.vocab</c>.</param>
    /// <param name="problem">What is wrong, as a sentence without the place.</param>
    /// <param name="innerException">The cause, if another exception led here.</param>
    public TextFileException(string fileName, string element, string problem, Exception? innerException = null)
        : base($"{fileName}, {Shorten(element)}: {problem}", innerException)
    {
        FileName = fileName;
        Element = element;
    }

    /// <summary>Initializes the exception with the place of the fault in a binary file.</summary>
    /// <param name="fileName">The file.</param>
    /// <param name="offset">The offset of the fault in bytes.</param>
    /// <param name="problem">What is wrong, as a sentence without the place.</param>
    public TextFileException(string fileName, long offset, string problem)
        : base(string.Create(CultureInfo.InvariantCulture, $"{fileName}, offset {offset}: {problem}"))
    {
        FileName = fileName;
        Offset = offset;
    }

    /// <summary>The file at fault.</summary>
    public string? FileName { get; }

    /// <summary>The path of the JSON element at fault, or null.</summary>
    public string? Element { get; }

    /// <summary>The offset of the fault in the file in bytes, or null where it is not known.</summary>
    public long? Offset { get; }

    // A hostile token may be megabytes long; the message must stay readable.
    internal static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}

using System.Globalization;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// A weight file is malformed, or holds something that this library refuses to read. The message names the file and, where known, the tensor and the
/// byte offset.
/// </summary>
public sealed class WeightFileException : FormatException
{
    /// <summary>Initializes an empty exception.</summary>
    public WeightFileException()
    {
    }

    /// <summary>Initializes the exception with a message.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public WeightFileException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with a message and its cause.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public WeightFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Initializes the exception with the place of the fault.</summary>
    /// <param name="fileName">The file.</param>
    /// <param name="problem">What is wrong, as a sentence without the place.</param>
    /// <param name="tensorName">The tensor, where the fault belongs to one.</param>
    /// <param name="offset">The offset in the file in bytes, where known.</param>
    /// <param name="innerException">The cause, if another exception led here.</param>
    public WeightFileException(string fileName, string problem, string? tensorName = null, long? offset = null, Exception? innerException = null)
        : base(Describe(fileName, problem, tensorName, offset), innerException)
    {
        FileName = fileName;
        TensorName = tensorName;
        Offset = offset;
    }

    /// <summary>The file at fault.</summary>
    public string? FileName { get; }

    /// <summary>The tensor at fault, or null where the fault belongs to the file as a whole.</summary>
    public string? TensorName { get; }

    /// <summary>The offset of the fault in the file in bytes, or null where it is not known.</summary>
    public long? Offset { get; }

    private static string Describe(string fileName, string problem, string? tensorName, long? offset)
    {
        string tensor = tensorName is null ? "" : $", tensor '{Shorten(tensorName)}'";
        string place = offset is null ? "" : string.Create(CultureInfo.InvariantCulture, $", offset {offset}");
        return $"{fileName}{tensor}{place}: {problem}";
    }

    // A hostile name may be megabytes long; the message must stay readable.
    private static string Shorten(string name) => name.Length <= 200 ? name : string.Concat(name.AsSpan(0, 200), "…");
}

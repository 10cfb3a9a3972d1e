using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// A weight file is malformed, does not fit the model that it is read into, or holds something that this library refuses to read. The
/// message names the file and, where known, the tensor and the byte offset.
/// </summary>
public sealed class WeightFileException : GmtFileException
{
    private const int LongestName = 200;

    /// <summary>Initializes the exception without a place.</summary>
    public WeightFileException()
    {
    }

    /// <summary>Initializes the exception with a message that already says everything.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public WeightFileException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with a message that already says everything, and its cause.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public WeightFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Initializes the exception with the place of the fault.</summary>
    /// <param name="filePath">The file.</param>
    /// <param name="problem">What is wrong, as a sentence without the place.</param>
    /// <param name="tensorName">The tensor, where the fault belongs to one.</param>
    /// <param name="offset">The offset in the file in bytes, where known.</param>
    /// <param name="remedy">What to do, as a sentence; null where the problem says it.</param>
    /// <param name="innerException">The cause, if another exception led here.</param>
    public WeightFileException(
        string filePath, string problem, string? tensorName = null, long? offset = null, string? remedy = null,
        Exception? innerException = null)
        : base(filePath, PlaceOf(tensorName, offset), problem, remedy, innerException)
    {
        TensorName = tensorName;
        Offset = offset;
    }

    /// <summary>The tensor at fault, or null where the fault belongs to the file as a whole.</summary>
    public string? TensorName { get; }

    /// <summary>The offset of the fault in the file in bytes, or null where it is not known.</summary>
    public long? Offset { get; }

    private static string? PlaceOf(string? tensorName, long? offset)
    {
        string? tensor = tensorName is null ? null : $"tensor '{Shorten(tensorName, LongestName)}'";
        string? bytes = offset is null ? null : string.Create(CultureInfo.InvariantCulture, $"offset {offset}");
        return tensor is null ? bytes : bytes is null ? tensor : $"{tensor}, {bytes}";
    }
}

using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// A graph file does not say what it should. The message names file, line, column, the value found and what to do about it.
/// </summary>
public sealed class GraphFormatException : GmtFileException
{
    /// <summary>Initializes the exception without a place.</summary>
    public GraphFormatException()
        : base("The graph data is malformed.")
    {
    }

    /// <summary>Initializes the exception with a message that already says everything.</summary>
    /// <param name="message">What is wrong, where, and the remedy.</param>
    public GraphFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with a message that already says everything, and its cause.</summary>
    /// <param name="message">What is wrong, where, and the remedy.</param>
    /// <param name="innerException">The cause.</param>
    public GraphFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal GraphFormatException(string problem, string file, long line, long column, string? value)
        : base(file, PlaceOf(line, column), problem)
    {
        Line = line;
        Column = column;
        Value = value;
    }

    /// <summary>The line, from 1; 0 where the file as a whole is meant.</summary>
    public long Line { get; }

    /// <summary>The column in characters, from 1; 0 where the line as a whole is meant.</summary>
    public long Column { get; }

    /// <summary>The value found, shortened where it is long; null where there is none.</summary>
    public string? Value { get; }

    private static string? PlaceOf(long line, long column) => (line, column) switch
    {
        (0, _) => null,
        (_, 0) => $"line {line}",
        _ => $"line {line}, column {column}",
    };
}

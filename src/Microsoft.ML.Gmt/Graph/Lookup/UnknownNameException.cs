namespace Microsoft.ML.Gmt.Graph;

/// <summary>A graph has no such entity or relation, or several go by that name. The message names them, or names that are near.</summary>
public sealed class UnknownNameException : KeyNotFoundException
{
    /// <summary>Initializes the exception without a name.</summary>
    public UnknownNameException()
        : base("The graph has no such name.")
    {
    }

    /// <summary>Initializes the exception with a message that already says everything.</summary>
    /// <param name="message">Which name, and which may be meant.</param>
    public UnknownNameException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with a message that already says everything, and its cause.</summary>
    /// <param name="message">Which name, and which may be meant.</param>
    /// <param name="innerException">The cause.</param>
    public UnknownNameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal UnknownNameException(string message, NameMatch match)
        : base(message) => Match = match;

    /// <summary>The name, and what may be meant by it; null where it is not known.</summary>
    public NameMatch? Match { get; }
}

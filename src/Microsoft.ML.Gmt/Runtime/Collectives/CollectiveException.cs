namespace Microsoft.ML.Gmt.Runtime;

/// <summary>The ranks of a run cannot go on together; the message says which rank failed, and why.</summary>
internal sealed class CollectiveException(string message, Exception? cause = null) : IOException(message, cause);

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// How ranks that know each other are connected by an engine that is not ours. All take each step, and the next one only if none has failed
/// in it. Problems are parts of sentences.
/// </summary>
internal interface IEngineMeeting : IDisposable
{
    /// <summary>Why this rank cannot take part; null where it can.</summary>
    public string? Refusal();

    /// <summary>Connects this rank with the others; says what went wrong.</summary>
    public string? Connect();

    /// <summary>Sums known numbers; says what went wrong.</summary>
    public string? Try();

    /// <summary>The engine, the caller's from now on.</summary>
    public IRankSum Take();
}

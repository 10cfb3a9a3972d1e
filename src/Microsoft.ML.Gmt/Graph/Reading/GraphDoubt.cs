namespace Microsoft.ML.Gmt.Graph;

/// <summary>Something about a graph or its files that is allowed but seldom meant.</summary>
/// <param name="What">What it is, and what to do where it is not meant.</param>
/// <param name="Count">How many triples, names, lines or files it concerns.</param>
/// <param name="Examples">The first of them.</param>
/// <param name="IsGuess">
/// Whether the reader guessed, or left something out, so that the graph itself may be wrong; <c>ml.Data.LoadKnowledgeGraph</c> warns of it.
/// </param>
public sealed record GraphDoubt(string What, long Count, IReadOnlyList<string> Examples, bool IsGuess = false)
{
    internal const int MostExamples = 5;

    /// <summary>A doubt about some things, or null where there are none.</summary>
    internal static GraphDoubt? Of(string what, IReadOnlyCollection<string> all, bool isGuess = false) =>
        Of(what, all, name => name, isGuess);

    /// <summary>The same about things that have texts.</summary>
    internal static GraphDoubt? Of<T>(string what, IReadOnlyCollection<T> all, Func<T, string> text, bool isGuess = false) =>
        all.Count == 0 ? null : new GraphDoubt(what, all.Count, [.. all.Take(MostExamples).Select(text)], isGuess);

    /// <summary>A guess about a file.</summary>
    internal static GraphDoubt Guess(string what, long count = 1, params IReadOnlyList<string> examples) =>
        new(what, count, examples, IsGuess: true);

    /// <summary>The line for a graph that was read from a path, which is named once, also where the doubt begins with its file.</summary>
    internal string About(string path) =>
        Path.GetFileName(path) is { Length: > 0 } file && What.StartsWith(file, StringComparison.Ordinal)
            ? $"{path[..^file.Length]}{this}"
            : $"{path}: {this}";

    /// <summary>What, how often and examples, in a line.</summary>
    public override string ToString()
    {
        string examples = Examples.Count > 0 ? $" ({string.Join("; ", Examples)}{(Count > Examples.Count ? "; …" : "")})" : "";
        return $"{What}{(Count > 1 ? $": {Count}" : "")}{examples}";
    }
}

using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>A triple: a text for people, its parts for programs.</summary>
internal sealed record NamedTriple(NamedItem Head, NamedItem Relation, NamedItem Tail) : IReportParts
{
    /// <inheritdoc/>
    public IReadOnlyList<(string Name, object? Value)> Parts => [("head", Head), ("relation", Relation), ("tail", Tail)];

    /// <inheritdoc/>
    public override string ToString() => $"({Head}, {Relation}, {Tail})";
}

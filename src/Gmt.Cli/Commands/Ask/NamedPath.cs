using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>A path of facts: a text for people, its steps for programs.</summary>
internal sealed record NamedPath(IReadOnlyList<NamedTriple> Steps) : IReportParts
{
    /// <inheritdoc/>
    public IReadOnlyList<(string Name, object? Value)> Parts => [("steps", Steps)];

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Steps);
}

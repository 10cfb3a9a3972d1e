using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>An entity or a relation: a text for people, name and label apart for programs.</summary>
/// <param name="Shown">What people read: the label, and the name too where others have the same label.</param>
/// <param name="Name">Its name in the graph's files.</param>
/// <param name="Label">Its label; the name where it has none.</param>
internal sealed record NamedItem(string Shown, string Name, string Label) : IReportParts
{
    /// <inheritdoc/>
    public IReadOnlyList<(string Name, object? Value)> Parts => [("name", Name), ("label", Label)];

    /// <inheritdoc/>
    public override string ToString() => Shown;
}

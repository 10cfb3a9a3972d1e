using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt;

/// <summary>What an archive records of the features that a model reads.</summary>
internal sealed record FeatureSettings
{
    /// <summary>The column.</summary>
    public required string ColumnName { get; init; }

    /// <summary>Tokens and widths.</summary>
    public required FeatureMemoryOptions Memory { get; init; }

    /// <summary>Names and scale of the features.</summary>
    public required FeatureScaling Scaling { get; init; }

    /// <summary>How they become memory.</summary>
    internal FeatureMemoryShape Shape => new(Memory, Scaling);

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(ColumnName);
        Memory.Check();
        Scaling.Check();
    }
}

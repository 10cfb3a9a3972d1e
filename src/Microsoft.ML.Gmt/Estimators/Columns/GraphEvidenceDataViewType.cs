using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt;

/// <summary>The type of columns with <see cref="GraphEvidence"/>. Such columns live in a pipeline only; they are never saved.</summary>
public sealed class GraphEvidenceDataViewType : StructuredDataViewType
{
    static GraphEvidenceDataViewType() => DataViewTypeManager.Register(Instance, typeof(GraphEvidence), new GraphEvidenceTypeAttribute());

    private GraphEvidenceDataViewType() : base(typeof(GraphEvidence))
    {
    }

    /// <summary>The one instance.</summary>
    public static GraphEvidenceDataViewType Instance { get; } = new();

    /// <inheritdoc/>
    public override bool Equals(DataViewType? other) => other is GraphEvidenceDataViewType;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GraphEvidenceDataViewType;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(GraphEvidenceDataViewType).GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => "GraphEvidence";
}

/// <summary>Marks a member of type <see cref="GraphEvidence"/> of a class that rows are read into.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class GraphEvidenceTypeAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is GraphEvidenceTypeAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GraphEvidenceTypeAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(GraphEvidenceTypeAttribute).GetHashCode();

    /// <inheritdoc/>
    public override void Register() => DataViewTypeManager.Register(GraphEvidenceDataViewType.Instance, typeof(GraphEvidence), this);
}

using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt;

/// <summary>
/// The annotation that a column of features has where scores of path models are among them, so that stage 2 can say by which paths a
/// verdict came about. It is not saved: the transformer that computes the features notes it anew.
/// </summary>
internal static class PathSourceAnnotation
{
    private const string Name = "PathSource";

    /// <summary>Notes the path models of features.</summary>
    public static void AddTo(DataViewSchema.Annotations.Builder annotations, PathSource source) =>
        annotations.Add(Name, SourceType.Instance, (ref PathSource value) => value = source);

    /// <summary>The path models of the features that were computed last, whatever has become of their column; null for none.</summary>
    public static PathSource? Find(DataViewSchema schema)
    {
        PathSource? found = null;
        foreach (DataViewSchema.Column column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(Name) is { Type: SourceType })
            {
                column.Annotations.GetValue(Name, ref found);
            }
        }

        return found;
    }

    private sealed class SourceType : StructuredDataViewType
    {
        private SourceType() : base(typeof(PathSource))
        {
        }

        public static SourceType Instance { get; } = new();

        public override bool Equals(DataViewType? other) => other is SourceType;

        public override bool Equals(object? obj) => obj is SourceType;

        public override int GetHashCode() => typeof(SourceType).GetHashCode();

        public override string ToString() => nameof(PathSource);
    }
}

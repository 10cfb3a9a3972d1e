using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt;

/// <summary>The annotations by which ML.NET's evaluators know the columns of a binary classifier.</summary>
internal static class ScoreColumns
{
    private const string SetId = "ScoreColumnSetId";
    private const string Kind = "ScoreColumnKind";
    private const string ValueKind = "ScoreValueKind";

    public const string Score = "Score";
    public const string Probability = "Probability";
    public const string PredictedLabel = "PredictedLabel";

    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    /// <summary>Makes a column.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="value">What it holds: <see cref="Score"/>, <see cref="Probability"/> or <see cref="PredictedLabel"/>.</param>
    public static DataViewSchema.DetachedColumn Make(string name, DataViewType type, string value)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(SetId, SetIdType, (ref uint id) => id = 1);
        annotations.Add(Kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> text) => text = "BinaryClassification".AsMemory());
        annotations.Add(ValueKind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> text) => text = value.AsMemory());
        return new DataViewSchema.DetachedColumn(name, type, annotations.ToAnnotations());
    }
}

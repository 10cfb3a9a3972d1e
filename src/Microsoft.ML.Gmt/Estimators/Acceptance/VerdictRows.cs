using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt;

/// <summary>The columns that a binary classifier with probabilities adds, read row by row.</summary>
internal static class VerdictRows
{
    private const string Boolean = "Boolean", Single = "Single";

    /// <exception cref="ArgumentOutOfRangeException">The column is missing or not Boolean.</exception>
    public static DataViewSchema.Column PredictedLabel(DataViewSchema schema, string name) =>
        ScalarColumn.Find<BooleanDataViewType>(schema, "predicted label", name, Boolean);

    /// <exception cref="ArgumentOutOfRangeException">The column is missing or not Boolean.</exception>
    public static void CheckPredictedLabel(SchemaShape shape, string name) =>
        ScalarColumn.Check<BooleanDataViewType>(shape, "predicted label", name, Boolean);

    /// <exception cref="ArgumentOutOfRangeException">The column is missing or not Single.</exception>
    public static DataViewSchema.Column Probability(DataViewSchema schema, string name) => Find(schema, "probability", name);

    /// <exception cref="ArgumentOutOfRangeException">The column is missing or not Single.</exception>
    public static void CheckProbability(SchemaShape shape, string name)
    {
        ScalarColumn.Check<NumberDataViewType>(shape, "probability", name, Single);
        SchemaShape.Column column = shape.First(column => column.Name == name);
        if (column.ItemType != NumberDataViewType.Single)
        {
            throw SchemaErrors.Mismatch(nameof(shape), "probability", name, Single, $"{column.ItemType}");
        }
    }

    /// <summary>Labels and probabilities.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a wrong type.</exception>
    public static IEnumerable<(double Probability, bool Label)> Probabilities(
        IDataView rows, string labelColumn, string probabilityColumn) =>
        Numbers(rows, labelColumn, Probability(rows.Schema, probabilityColumn));

    /// <summary>Labels and scores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a wrong type.</exception>
    public static IEnumerable<(double Score, bool Label)> Scores(IDataView rows, string labelColumn, string scoreColumn) =>
        Numbers(rows, labelColumn, Find(rows.Schema, "score", scoreColumn));

    private static DataViewSchema.Column Find(DataViewSchema schema, string role, string name)
    {
        DataViewSchema.Column column = ScalarColumn.Find<NumberDataViewType>(schema, role, name, Single);
        return column.Type == NumberDataViewType.Single
            ? column
            : throw SchemaErrors.Mismatch(nameof(schema), role, name, Single, $"{column.Type}");
    }

    private static IEnumerable<(double Value, bool Label)> Numbers(IDataView rows, string labelColumn, DataViewSchema.Column numbers)
    {
        DataViewSchema.Column label = LabelColumn.FindRequired(rows.Schema, labelColumn);
        using DataViewRowCursor cursor = rows.GetRowCursor([label, numbers]);
        Func<bool> isTrue = LabelColumn.NewReader(cursor, label);
        ValueGetter<float> getter = cursor.GetGetter<float>(numbers);
        float value = 0;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return (value, isTrue());
        }
    }

    /// <summary>Verdicts and labels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a wrong type.</exception>
    public static IEnumerable<CheckedVerdict> Read(IDataView rows, string labelColumn, string predictedColumn, string probabilityColumn)
    {
        DataViewSchema.Column label = LabelColumn.FindRequired(rows.Schema, labelColumn);
        DataViewSchema.Column predicted = PredictedLabel(rows.Schema, predictedColumn);
        DataViewSchema.Column probability = Probability(rows.Schema, probabilityColumn);
        using DataViewRowCursor cursor = rows.GetRowCursor([label, predicted, probability]);
        Func<bool> isTrue = LabelColumn.NewReader(cursor, label), saysTrue = LabelColumn.NewReader(cursor, predicted);
        ValueGetter<float> getter = cursor.GetGetter<float>(probability);
        float value = 0;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return new CheckedVerdict(value, saysTrue(), isTrue());
        }
    }
}

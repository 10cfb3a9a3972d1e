using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt;

/// <summary>The column of numbers that the memory reads beside the graph.</summary>
internal sealed class FeatureColumn
{
    private const string Role = "feature";
    private const string Expected = "a vector of Single of known size, as ml.Transforms.Concatenate makes";
    private const int MostSlots = 65_536;

    private readonly DataViewSchema.Column _column;

    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no vector of Single of known size.</exception>
    private FeatureColumn(DataViewSchema schema, string name)
    {
        _column = schema.GetColumnOrNull(name) ?? throw SchemaErrors.Missing(nameof(schema), Role, name);
        Width = _column.Type is VectorDataViewType { Size: > 0 and <= MostSlots } vector && vector.ItemType == NumberDataViewType.Single
            ? vector.Size
            : throw SchemaErrors.Mismatch(nameof(schema), Role, name, Expected, $"{_column.Type}");
    }

    /// <summary>The column.</summary>
    public DataViewSchema.Column Column => _column;

    /// <summary>How many slots it has.</summary>
    public int Width { get; }

    /// <summary>Finds a column that a model is to be trained with.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no vector of Single of known size.</exception>
    public static FeatureColumn Find(DataViewSchema schema, string name) => new(schema, name);

    /// <summary>Finds the column that a trained model reads.</summary>
    /// <param name="schema">The rows' schema.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="scaling">What the model was trained with.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The column is missing, no vector of Single, of another length than in training, or has the slots in another order.
    /// </exception>
    public static FeatureColumn Find(DataViewSchema schema, string name, FeatureScaling scaling)
    {
        var found = new FeatureColumn(schema, name);
        if (found.Width != scaling.Width)
        {
            throw SchemaErrors.Mismatch(
                nameof(schema), Role, name,
                string.Create(CultureInfo.InvariantCulture, $"a vector of {scaling.Width} Single, as the model was trained with"),
                string.Create(CultureInfo.InvariantCulture, $"one of {found.Width}"));
        }

        // Other names may be renamed slots; the same names at other places are other numbers.
        string[] names = found.SlotNames();
        ILookup<string, int> places = Enumerable.Range(0, scaling.Width).ToLookup(slot => scaling.Names[slot], StringComparer.Ordinal);
        int moved = Array.FindIndex(
            [.. Enumerable.Range(0, names.Length)], slot => places.Contains(names[slot]) && !places[names[slot]].Contains(slot));

        return moved < 0 ? found : throw SchemaErrors.Mismatch(
            nameof(schema), Role, name, $"slot {moved} to be '{scaling.Names[moved]}', as the model was trained with", $"'{names[moved]}'");
    }

    /// <summary>Checks the column in a schema that is not at hand yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no vector of Single.</exception>
    public static void Check(SchemaShape inputSchema, string name)
    {
        SchemaShape.Column column = inputSchema.FirstOrDefault(column => column.Name == name);
        if (column.Name is null)
        {
            throw SchemaErrors.Missing(nameof(inputSchema), Role, name);
        }

        if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.ItemType != NumberDataViewType.Single || column.IsKey)
        {
            throw SchemaErrors.Mismatch(nameof(inputSchema), Role, name, Expected, $"{column.Kind} of {column.ItemType}");
        }
    }

    /// <summary>The slots' names; <c>Features[3]</c> for one that has none.</summary>
    public string[] SlotNames()
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        if (_column.HasSlotNames())
        {
            _column.GetSlotNames(ref names);
        }

        string[] given = [.. names.DenseValues().Select(name => name.ToString())];
        return
        [
            .. Enumerable.Range(0, Width).Select(slot => given.ElementAtOrDefault(slot) is { Length: > 0 } name
                ? name : string.Create(CultureInfo.InvariantCulture, $"{_column.Name}[{slot}]")),
        ];
    }

    /// <summary>Reads the features of the row that the input stands at; NaN is missing.</summary>
    /// <exception cref="FormatException">By the reader: a number is infinite, or the row has another length.</exception>
    public Func<float[]> NewReader(DataViewRow input)
    {
        ValueGetter<VBuffer<float>> getter = input.GetGetter<VBuffer<float>>(input.Schema[_column.Index]);
        VBuffer<float> buffer = default;
        return () =>
        {
            getter(ref buffer);
            if (buffer.Length != Width)
            {
                throw new FormatException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Row {input.Position} of feature column '{_column.Name}' has {buffer.Length} numbers; the schema says {Width}."));
            }

            float[] values = new float[Width];
            buffer.CopyTo(values);
            int infinite = Array.FindIndex(values, float.IsInfinity);
            return infinite < 0 ? values : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"Row {input.Position} of feature column '{_column.Name}' has {values[infinite]} for '{SlotNames()[infinite]}'. Give a "
                + $"finite number, or NaN where it is missing."));
        };
    }
}

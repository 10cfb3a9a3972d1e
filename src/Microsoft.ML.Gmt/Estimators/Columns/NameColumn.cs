using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt;

/// <summary>A column that names entities or relations: text, or a key whose values are text.</summary>
internal sealed class NameColumn
{
    private const string Expected = "String or Key with text key values";

    private readonly Lazy<ReadOnlyMemory<char>[]> _keyValues;

    public NameColumn(DataViewSchema schema, string role, string name)
    {
        Role = role;
        Column = schema.GetColumnOrNull(name) ?? throw SchemaErrors.Missing(nameof(schema), role, name);
        bool isKey = Column.Type is KeyDataViewType
            && Column.Annotations.Schema.GetColumnOrNull("KeyValues") is { Type: VectorDataViewType { ItemType: TextDataViewType } };
        if (!isKey && Column.Type is not TextDataViewType)
        {
            throw SchemaErrors.Mismatch(nameof(schema), role, name, Expected, Describe($"{Column.Type}", Column.Type is KeyDataViewType));
        }

        _keyValues = new(KeyValues);
    }

    /// <summary>What the column is for, such as <c>head</c>.</summary>
    public string Role { get; }

    public DataViewSchema.Column Column { get; }

    public static void Check(SchemaShape shape, string role, string name)
    {
        SchemaShape.Column column = shape.FirstOrDefault(column => column.Name == name);
        if (column.Name is null)
        {
            throw SchemaErrors.Missing("inputSchema", role, name);
        }

        bool isText = column.ItemType is TextDataViewType && !column.IsKey;
        bool isKey = column.IsKey && column.Annotations.Any(
            annotation => annotation.Name == "KeyValues" && annotation.ItemType is TextDataViewType);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || !(isText || isKey))
        {
            string type = column.Kind == SchemaShape.Column.VectorKind.Scalar
                ? $"{column.ItemType}"
                : $"{column.Kind} of {column.ItemType}";
            throw SchemaErrors.Mismatch("inputSchema", role, name, Expected, column.IsKey ? Describe($"Key<{type}>", isKey: true) : type);
        }
    }

    /// <summary>Reads what the name in the input's present row means.</summary>
    public Func<NameHit> NewReader(DataViewRow input, NameIndex index)
    {
        if (Column.Type is TextDataViewType)
        {
            Func<ReadOnlyMemory<char>> name = NewNameReader(input);
            return () => index.Find(name().Span);
        }

        NameHit[] hits = Array.ConvertAll(_keyValues.Value, name => index.Find(name.Span));
        Func<ulong> key = NewKeyReader(input);
        return () => key() is > 0 and var value && value <= (ulong)hits.Length ? hits[value - 1] : NameHit.None;
    }

    /// <summary>Reads the name in the input's present row; empty for a missing key.</summary>
    public Func<ReadOnlyMemory<char>> NewNameReader(DataViewRow input)
    {
        if (Column.Type is TextDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> getter = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[Column.Index]);
            ReadOnlyMemory<char> name = default;
            return () =>
            {
                getter(ref name);
                return name;
            };
        }

        Func<ulong> key = NewKeyReader(input);
        return () => key() is > 0 and var value && value <= (ulong)_keyValues.Value.Length ? _keyValues.Value[value - 1] : default;
    }

    private static string Describe(string type, bool isKey) => isKey ? $"{type} without text key values" : type;

    private ReadOnlyMemory<char>[] KeyValues()
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        Column.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }

    /// <summary>Keys count from 1; 0 is a missing one.</summary>
    private Func<ulong> NewKeyReader(DataViewRow input)
    {
        Func<ulong> Read<T>(Func<T, ulong> widen)
        {
            ValueGetter<T> getter = input.GetGetter<T>(input.Schema[Column.Index]);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return widen(value);
            };
        }

        Type raw = Column.Type.RawType;
        return raw == typeof(byte) ? Read<byte>(value => value)
            : raw == typeof(ushort) ? Read<ushort>(value => value)
            : raw == typeof(uint) ? Read<uint>(value => value)
            : Read<ulong>(value => value);
    }
}

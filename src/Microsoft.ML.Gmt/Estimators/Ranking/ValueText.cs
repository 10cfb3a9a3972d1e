using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt;

/// <summary>Reads text columns as they are and keys as their numbers, for what only has to be told apart.</summary>
internal static class ValueText
{
    /// <exception cref="ArgumentOutOfRangeException">The column is neither text nor a key.</exception>
    public static Func<string> NewReader(DataViewRow row, string role, DataViewSchema.Column column)
    {
        Func<string> Read<T>(Func<T, string> text)
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return text(value);
            };
        }

        Type raw = column.Type.RawType;
        return column.Type is TextDataViewType ? Read<ReadOnlyMemory<char>>(value => value.ToString())
            : column.Type is not KeyDataViewType ? throw SchemaErrors.Mismatch("data", role, column.Name, "String or Key", $"{column.Type}")
            : raw == typeof(byte) ? Read<byte>(value => value.ToString(CultureInfo.InvariantCulture))
            : raw == typeof(ushort) ? Read<ushort>(value => value.ToString(CultureInfo.InvariantCulture))
            : raw == typeof(uint) ? Read<uint>(value => value.ToString(CultureInfo.InvariantCulture))
            : Read<ulong>(value => value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Reads which entity was sought, from text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is neither text nor a key.</exception>
    public static Func<RankSide> NewSideReader(DataViewRow row, DataViewSchema.Column column)
    {
        Func<string> read = NewReader(row, "side", column);
        return () => read() is var name && Enum.TryParse(name, out RankSide side)
            ? side
            : throw new FormatException(
                $"Column '{column.Name}' must hold {RankSide.Head} or {RankSide.Tail}; row {row.Position} has '{name}'.");
    }
}

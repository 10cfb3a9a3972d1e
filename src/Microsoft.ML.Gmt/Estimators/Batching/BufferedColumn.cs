using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt;

/// <summary>The values of an input column in a batch of rows.</summary>
internal abstract class BufferedColumn
{
    public static BufferedColumn Create(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        Type value = column.Type.RawType;
        Type buffer = value.IsGenericType && value.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(Vectors<>).MakeGenericType(value.GetGenericArguments())
            : typeof(Scalars<>).MakeGenericType(value);
        return (BufferedColumn)Activator.CreateInstance(buffer, source, column, capacity)!;
    }

    /// <summary>Copies the value of the source's present row.</summary>
    public abstract void Read(int slot);

    public abstract Delegate NewGetter(Func<int> slot);

    private sealed class Scalars<T>(DataViewRow source, DataViewSchema.Column column, int capacity) : BufferedColumn
    {
        private readonly ValueGetter<T> _source = source.GetGetter<T>(column);
        private readonly T[] _values = new T[capacity];

        public override void Read(int slot) => _source(ref _values[slot]);

        public override Delegate NewGetter(Func<int> slot) => (ValueGetter<T>)((ref T value) => value = _values[slot()]);
    }

    private sealed class Vectors<T>(DataViewRow source, DataViewSchema.Column column, int capacity) : BufferedColumn
    {
        private readonly ValueGetter<VBuffer<T>> _source = source.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _values = new VBuffer<T>[capacity];

        public override void Read(int slot) => _source(ref _values[slot]);

        public override Delegate NewGetter(Func<int> slot) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[slot()].CopyTo(ref value));
    }
}

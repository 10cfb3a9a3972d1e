using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Adds twice and the square of a number, and notes what was computed.</summary>
internal sealed class CountingMapper(DataViewSchema input) : BatchMapper(
    input, [new DataViewSchema.DetachedColumn("Twice", NumberDataViewType.Single), new DataViewSchema.DetachedColumn("Square", new VectorDataViewType(NumberDataViewType.Single, 1))])
{
    private readonly Lock _lock = new();

    /// <summary>How many rows each computing of a column had.</summary>
    public List<int> TwiceBatches { get; } = [];

    public List<int> SquareBatches { get; } = [];

    public int Disposed { get; private set; }

    public override IEnumerable<DataViewSchema.Column> InputsOf(int added) => [InputSchema["Number"]];

    public override RowBatch NewBatch(DataViewRow input, int capacity, Func<int, bool> isWanted) => new Batch(this, input, capacity);

    private float[] Compute(List<int> batches, ReadOnlySpan<float> numbers, Func<float, float> function)
    {
        lock (_lock)
        {
            batches.Add(numbers.Length);
        }

        return Array.ConvertAll(numbers.ToArray(), number => function(number));
    }

    private sealed class Batch(CountingMapper mapper, DataViewRow input, int capacity) : RowBatch(NativeLifetime.Endless)
    {
        private readonly ValueGetter<float> _number = input.GetGetter<float>(input.Schema["Number"]);
        private readonly float[] _numbers = new float[capacity];
        private float[]? _twice;
        private float[]? _squares;

        public override Delegate NewGetter(int added, Func<int> slot) => added == 0
            ? (ValueGetter<float>)((ref float value) =>
            {
                int row = slot();
                value = (_twice ??= mapper.Compute(mapper.TwiceBatches, _numbers.AsSpan(0, Count), number => 2 * number))[row];
            })
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                int row = slot();
                value = new VBuffer<float>(
                    1, [(_squares ??= mapper.Compute(mapper.SquareBatches, _numbers.AsSpan(0, Count), number => number * number))[row]]);
            });

        public override void Dispose()
        {
            mapper.Disposed++;
            base.Dispose();
        }

        protected override void Read(int slot) => _number(ref _numbers[slot]);

        protected override void Forget() => (_twice, _squares) = (null, null);
    }
}

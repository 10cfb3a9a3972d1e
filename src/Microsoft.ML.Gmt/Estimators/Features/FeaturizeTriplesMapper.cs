using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>The columns that <see cref="FeaturizeTriplesTransformer"/> adds to a schema.</summary>
internal sealed class FeaturizeTriplesMapper : BatchMapper
{
    private readonly FeaturizeTriplesTransformer _transformer;
    private readonly TripleBinding _triples;
    private readonly UnknownNames _unknown;

    /// <exception cref="ArgumentOutOfRangeException">The schema lacks a column, or it has a wrong type.</exception>
    public FeaturizeTriplesMapper(FeaturizeTriplesTransformer transformer, DataViewSchema inputSchema, UnknownNames unknown)
        : base(inputSchema, Columns(transformer.Settings, transformer.Paths))
    {
        (_transformer, _unknown) = (transformer, unknown);
        _triples = new TripleBinding(inputSchema, transformer.Settings.Columns);
    }

    /// <summary>The added columns: the features, and whether names are known.</summary>
    public static IEnumerable<DataViewSchema.DetachedColumn> Columns(FeaturizeTriplesSettings settings, PathSource? paths = null) =>
    [
        VectorColumn.Make(
            settings.OutputColumnName, [.. settings.Slots.Select(slot => slot.Name)],
            paths is null ? null : annotations => PathSourceAnnotation.AddTo(annotations, paths)),
        new DataViewSchema.DetachedColumn(settings.KnownColumnName, BooleanDataViewType.Instance),
    ];

    /// <inheritdoc/>
    public override IEnumerable<DataViewSchema.Column> InputsOf(int added) => _triples.QueryColumns;

    /// <inheritdoc/>
    public override RowBatch NewBatch(DataViewRow input, int capacity, Func<int, bool> isWanted)
    {
        NameCount count = _unknown.NewCount();
        return new Batch(_transformer, _triples.NewQueryReader(input, _transformer.Graph, count), count, capacity);
    }

    private sealed class Batch(FeaturizeTriplesTransformer transformer, Func<TripleQuery?> reader, NameCount count, int capacity)
        : NamedRowBatch<TripleQuery?>(transformer.Lifetime, reader, count, capacity)
    {
        private float[]? _values;

        public override Delegate NewGetter(int added, Func<int> slot) => added == 0
            ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                int row = slot();
                float[] values = Computed();
                VectorColumn.Copy(values, row, values.Length / Count, ref value);
            })
            : KnownGetter(slot);

        protected override void Forget() => _values = null;

        private float[] Computed()
        {
            if (_values is null)
            {
                using NativeLifetime.Use use = Begin();
                _values = transformer.Compute(Rows);
            }

            return _values;
        }
    }
}

using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>The columns that <see cref="PathScoringTransformer"/> adds to a schema.</summary>
internal sealed class PathScoringMapper : BatchMapper
{
    private readonly PathScoringTransformer _transformer;
    private readonly TripleBinding _triples;
    private readonly UnknownNames _unknown;

    /// <exception cref="ArgumentOutOfRangeException">The schema lacks a column, or it has a wrong type.</exception>
    public PathScoringMapper(PathScoringTransformer transformer, DataViewSchema inputSchema, UnknownNames unknown)
        : base(inputSchema, Columns(transformer.Settings))
    {
        (_transformer, _unknown) = (transformer, unknown);
        _triples = new TripleBinding(inputSchema, transformer.Settings.Columns);
    }

    private enum Added
    {
        Score,
        HeadScore,
        TailScore,
        Known,
    }

    /// <summary>The added columns, in the order of <see cref="Added"/>.</summary>
    public static IEnumerable<DataViewSchema.DetachedColumn> Columns(PathScoringSettings settings)
    {
        PathOutputColumnNames names = settings.Outputs;
        return
        [
            ScoreColumns.Make(names.Score, NumberDataViewType.Single, ScoreColumns.Score),
            new DataViewSchema.DetachedColumn(names.HeadScore, NumberDataViewType.Single),
            new DataViewSchema.DetachedColumn(names.TailScore, NumberDataViewType.Single),
            new DataViewSchema.DetachedColumn(names.Known, BooleanDataViewType.Instance),
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<DataViewSchema.Column> InputsOf(int added) => _triples.QueryColumns;

    /// <inheritdoc/>
    public override RowBatch NewBatch(DataViewRow input, int capacity, Func<int, bool> isWanted)
    {
        PathScorer model = _transformer.Model;
        NameCount count = _unknown.NewCount();
        return new Batch(_transformer, _triples.NewQueryReader(input, model.Graph, count), count, capacity);
    }

    private sealed class Batch(PathScoringTransformer transformer, Func<TripleQuery?> reader, NameCount count, int capacity)
        : RowBatch(transformer.Lifetime)
    {
        private readonly TripleQuery?[] _queries = new TripleQuery?[capacity];
        private (float[] Heads, float[] Tails)? _logits;

        public override Delegate NewGetter(int added, Func<int> slot) => (Added)added switch
        {
            Added.Score => Getter(slot, (logits, row) => PathScorer.Mean(logits.Heads[row], logits.Tails[row])),
            Added.HeadScore => Getter(slot, (logits, row) => logits.Heads[row]),
            Added.TailScore => Getter(slot, (logits, row) => logits.Tails[row]),
            _ => (ValueGetter<bool>)((ref bool value) => value = _queries[slot()] is not null),
        };

        public override void Dispose()
        {
            count.Report();
            base.Dispose();
        }

        protected override void Read(int slot) => _queries[slot] = reader();

        protected override void Forget() => _logits = null;

        private ValueGetter<float> Getter(Func<int> slot, Func<(float[] Heads, float[] Tails), int, float> of) => (ref float value) =>
        {
            int row = slot();
            value = of(_logits ??= Compute(), row);
        };

        // The logits of each row's head and tail; NaN of rows without a triple.
        private (float[] Heads, float[] Tails) Compute()
        {
            using NativeLifetime.Use use = Begin();
            int[] places = [.. Enumerable.Range(0, Count).Where(row => _queries[row] is not null)];
            float[] heads = new float[places.Length], tails = new float[places.Length];
            transformer.ModelInUse.ScoreSides(
                Array.ConvertAll(places, row => _queries[row]!.Value), transformer.Settings.Mask, heads, tails);
            return (Spread(heads, places), Spread(tails, places));
        }

        private float[] Spread(float[] values, int[] places)
        {
            float[] rows = new float[Count];
            Array.Fill(rows, float.NaN);
            for (int i = 0; i < places.Length; i++)
            {
                rows[places[i]] = values[i];
            }

            return rows;
        }
    }
}

using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;

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
        : NamedRowBatch<TripleQuery?>(transformer.Lifetime, reader, count, capacity)
    {
        private (float Head, float Tail)[]? _logits;

        public override Delegate NewGetter(int added, Func<int> slot) => (Added)added switch
        {
            Added.Score => Getter(slot, logits => PathScorer.Mean(logits.Head, logits.Tail)),
            Added.HeadScore => Getter(slot, logits => logits.Head),
            Added.TailScore => Getter(slot, logits => logits.Tail),
            _ => KnownGetter(slot),
        };

        protected override void Forget() => _logits = null;

        private ValueGetter<float> Getter(Func<int> slot, Func<(float Head, float Tail), float> of) => (ref float value) =>
        {
            int row = slot();
            value = of(Logits()[row]);
        };

        private (float Head, float Tail)[] Logits() => _logits ??= OfKnown(
            queries =>
            {
                float[] heads = new float[queries.Length], tails = new float[queries.Length];
                transformer.ModelInUse.ScoreSides(Array.ConvertAll(queries, query => query!.Value), transformer.Mask, heads, tails);
                return [.. heads.Zip(tails)];
            },
            (float.NaN, float.NaN));
    }
}

using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>The columns that <see cref="KgeTransformer"/> adds to a schema.</summary>
internal sealed class KgeMapper : BatchMapper
{
    private readonly KgeTransformer _transformer;
    private readonly TripleBinding _triples;
    private readonly UnknownNames _unknown;

    /// <exception cref="ArgumentOutOfRangeException">The schema lacks a column, or it has a wrong type.</exception>
    public KgeMapper(KgeTransformer transformer, DataViewSchema inputSchema, UnknownNames unknown)
        : base(inputSchema, Columns(transformer.Settings))
    {
        (_transformer, _unknown) = (transformer, unknown);
        _triples = new TripleBinding(inputSchema, transformer.Settings.Columns);
    }

    private enum Added
    {
        Score,
        HeadEmbedding,
        TailEmbedding,
        RelationEmbedding,
        Known,
    }

    /// <summary>The added columns, in the order of <see cref="Added"/>.</summary>
    public static IEnumerable<DataViewSchema.DetachedColumn> Columns(KgeTransformerSettings settings)
    {
        KgeOutputColumnNames names = settings.Outputs;
        var function = KgeFunction.Of(settings.Shape);
        int dimension = settings.Shape.EmbeddingDimension, width = function.EntityWidth(dimension);
        return
        [
            ScoreColumns.Make(names.Score, NumberDataViewType.Single, ScoreColumns.Score),
            VectorColumn.Make(names.HeadEmbedding, width, "Head"),
            VectorColumn.Make(names.TailEmbedding, width, "Tail"),
            VectorColumn.Make(names.RelationEmbedding, function.RelationWidth(dimension), "Relation"),
            new DataViewSchema.DetachedColumn(names.Known, BooleanDataViewType.Instance),
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<DataViewSchema.Column> InputsOf(int added) => _triples.Columns;

    /// <inheritdoc/>
    public override RowBatch NewBatch(DataViewRow input, int capacity, Func<int, bool> isWanted)
    {
        KgeScorer model = _transformer.Model;
        NameCount count = _unknown.NewCount();
        return new Batch(_transformer, _triples.NewReader(input, model.Graph, count), count, capacity);
    }

    private sealed class Batch(KgeTransformer transformer, Func<Triple?> reader, NameCount count, int capacity)
        : RowBatch(transformer.Lifetime)
    {
        private readonly Triple?[] _triples = new Triple?[capacity];
        private float[]? _scores;

        public override Delegate NewGetter(int added, Func<int> slot) => (Added)added switch
        {
            Added.Score => (ValueGetter<float>)((ref float value) =>
            {
                int row = slot();
                value = Scores()[row];
            }),
            Added.HeadEmbedding => Vector(slot, (model, triple) => model.EntityVectors([triple.Head])),
            Added.TailEmbedding => Vector(slot, (model, triple) => model.EntityVectors([triple.Tail])),
            Added.RelationEmbedding => Vector(slot, (model, triple) => model.RelationVectors([triple.Relation]), ofRelations: true),
            _ => (ValueGetter<bool>)((ref bool value) => value = _triples[slot()] is not null),
        };

        public override void Dispose()
        {
            count.Report();
            base.Dispose();
        }

        protected override void Read(int slot) => _triples[slot] = reader();

        protected override void Forget() => _scores = null;

        /// <summary>Scores of the batch's rows; NaN of those without a triple.</summary>
        private float[] Scores()
        {
            if (_scores is null)
            {
                using NativeLifetime.Use use = Begin();
                int[] places = [.. Enumerable.Range(0, Count).Where(row => _triples[row] is not null)];
                float[] known = new float[places.Length], scores = new float[Count];
                transformer.ModelInUse.Score(Array.ConvertAll(places, row => _triples[row]!.Value), QueryMask.None, known);
                Array.Fill(scores, float.NaN);
                foreach ((int i, int row) in places.Index())
                {
                    scores[row] = known[i];
                }

                _scores = scores;
            }

            return _scores;
        }

        private ValueGetter<VBuffer<float>> Vector(Func<int> slot, Func<KgeScorer, Triple, float[]> vectorOf, bool ofRelations = false)
        {
            KgeShape shape = transformer.Settings.Shape;
            var function = KgeFunction.Of(shape);
            int width = ofRelations ? function.RelationWidth(shape.EmbeddingDimension) : function.EntityWidth(shape.EmbeddingDimension);
            float[] unknown = new float[width];
            return (ref VBuffer<float> value) =>
            {
                Triple? triple = _triples[slot()];
                using NativeLifetime.Use use = Begin();
                VectorColumn.Copy(triple is { } known ? vectorOf(transformer.ModelInUse, known) : unknown, 0, width, ref value);
            };
        }
    }
}

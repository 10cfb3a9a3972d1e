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
        : NamedRowBatch<Triple?>(transformer.Lifetime, reader, count, capacity)
    {
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
            _ => KnownGetter(slot),
        };

        protected override void Forget() => _scores = null;

        private float[] Scores() => _scores ??= OfKnown(
            triples =>
            {
                float[] scores = new float[triples.Length];
                transformer.ModelInUse.Score(Array.ConvertAll(triples, triple => triple!.Value), QueryMask.None, scores);
                return scores;
            },
            float.NaN);

        private ValueGetter<VBuffer<float>> Vector(Func<int> slot, Func<KgeScorer, Triple, float[]> vectorOf, bool ofRelations = false)
        {
            KgeShape shape = transformer.Settings.Shape;
            var function = KgeFunction.Of(shape);
            int width = ofRelations ? function.RelationWidth(shape.EmbeddingDimension) : function.EntityWidth(shape.EmbeddingDimension);
            float[] unknown = new float[width];
            return (ref VBuffer<float> value) =>
            {
                Triple? triple = RowAt(slot());
                using NativeLifetime.Use use = Begin();
                VectorColumn.Copy(triple is { } known ? vectorOf(transformer.ModelInUse, known) : unknown, 0, width, ref value);
            };
        }
    }
}

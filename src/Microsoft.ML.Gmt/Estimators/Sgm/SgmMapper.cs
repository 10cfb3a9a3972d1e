using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>The columns that <see cref="SgmTransformer"/> adds to a schema.</summary>
internal sealed class SgmMapper : BatchMapper
{
    private readonly SgmTransformer _transformer;
    private readonly TripleBinding _triples;
    private readonly UnknownNames _unknown;

    /// <exception cref="ArgumentOutOfRangeException">The schema lacks a column, or it has a wrong type.</exception>
    public SgmMapper(SgmTransformer transformer, DataViewSchema inputSchema, UnknownNames unknown)
        : base(
            inputSchema, Columns(transformer.Settings),
            EvidenceAnnotation.Of(inputSchema, transformer.Settings.Columns, Evidence(transformer, null)))
    {
        (_transformer, _unknown) = (transformer, unknown);
        _triples = new TripleBinding(inputSchema, transformer.Settings.Columns);
    }

    /// <summary>The added columns, in the order of <see cref="Added"/>.</summary>
    public static IEnumerable<DataViewSchema.DetachedColumn> Columns(SgmTransformerSettings settings)
    {
        SgmOutputColumnNames names = settings.Outputs;
        int width = settings.GraphModule.GraphDimension;
        return
        [
            new DataViewSchema.DetachedColumn(names.Evidence, GraphEvidenceDataViewType.Instance),
            ScoreColumns.Make(names.Score, NumberDataViewType.Single, ScoreColumns.Score),
            ScoreColumns.Make(names.Probability, NumberDataViewType.Single, ScoreColumns.Probability),
            ScoreColumns.Make(names.PredictedLabel, BooleanDataViewType.Instance, ScoreColumns.PredictedLabel),
            VectorColumn.Make(names.HeadEmbedding, width, "Head"),
            VectorColumn.Make(names.TailEmbedding, width, "Tail"),
            new DataViewSchema.DetachedColumn(names.Known, BooleanDataViewType.Instance),
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<DataViewSchema.Column> InputsOf(int added) => _triples.QueryColumns;

    /// <inheritdoc/>
    public override RowBatch NewBatch(DataViewRow input, int capacity, Func<int, bool> isWanted)
    {
        SgmScorer model = _transformer.Model;
        NameCount count = _unknown.NewCount();
        return new Batch(_transformer, _triples.NewQueryReader(input, model.Graph, count), count, capacity);
    }

    private static GraphEvidence Evidence(SgmTransformer transformer, TripleQuery? query) =>
        new(query, transformer.Model, transformer.Mask, transformer.Lifetime);

    private enum Added
    {
        Evidence,
        Score,
        Probability,
        PredictedLabel,
        HeadEmbedding,
        TailEmbedding,
        Known,
    }

    private sealed class Batch(SgmTransformer transformer, Func<TripleQuery?> reader, NameCount count, int capacity)
        : NamedRowBatch<TripleQuery?>(transformer.Lifetime, reader, count, capacity)
    {
        private readonly int _width = transformer.Settings.GraphModule.GraphDimension;
        private Results? _results;

        public override Delegate NewGetter(int added, Func<int> slot) => (Added)added switch
        {
            Added.Evidence => (ValueGetter<GraphEvidence>)((ref GraphEvidence value) =>
                value = SgmMapper.Evidence(transformer, RowAt(slot()))),
            Added.Score => (ValueGetter<float>)((ref float value) => value = Computed(slot(), out int row).Scores[row]),
            Added.Probability => (ValueGetter<float>)(
                (ref float value) => value = 1 / (1 + MathF.Exp(-Computed(slot(), out int row).Scores[row]))),
            Added.PredictedLabel => (ValueGetter<bool>)((ref bool value) => value = Computed(slot(), out int row).Scores[row] > 0),
            Added.HeadEmbedding => (ValueGetter<VBuffer<float>>)(
                (ref VBuffer<float> value) => VectorColumn.Copy(Computed(slot(), out int row).Heads, row, _width, ref value)),
            Added.TailEmbedding => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
                VectorColumn.Copy(Computed(slot(), out int row).Tails, row, _width, ref value)),
            _ => KnownGetter(slot),
        };

        protected override void Forget() => _results = null;

        private Results Computed(int slot, out int row)
        {
            row = slot;
            if (_results is null)
            {
                using NativeLifetime.Use use = Begin();
                _results = Results.Compute(transformer.ModelInUse, Rows, transformer.Mask);
            }

            return _results;
        }
    }

    /// <summary>What a forward pass gives for the rows of a batch; those without a triple have no score (NaN), and vectors of 0.</summary>
    private sealed record Results(float[] Scores, float[] Heads, float[] Tails)
    {
        public static Results Compute(SgmScorer model, ReadOnlySpan<TripleQuery?> rows, QueryMask mask)
        {
            int width = model.Module.Options.GraphDimension;
            var results = new Results(new float[rows.Length], new float[rows.Length * width], new float[rows.Length * width]);
            Array.Fill(results.Scores, float.NaN);
            List<TripleQuery> queries = [];
            List<int> places = [];
            for (int row = 0; row < rows.Length; row++)
            {
                if (rows[row] is { } query)
                {
                    queries.Add(query);
                    places.Add(row);
                }
            }

            if (queries.Count > 0)
            {
                results.Fill(model, queries, places, mask);
            }

            return results;
        }

        private void Fill(SgmScorer model, List<TripleQuery> queries, List<int> places, QueryMask mask)
        {
            using var scope = NewDisposeScope();
            (Tensor scores, Tensor heads, Tensor tails) = model.ScoreWithVectors(queries, mask);
            Scatter(scores, Scores, places);
            Scatter(heads, Heads, places);
            Scatter(tails, Tails, places);
        }

        private static void Scatter(Tensor from, float[] to, List<int> places)
        {
            ReadOnlySpan<float> values = from.cpu().data<float>().ToArray();
            int width = values.Length / places.Count;
            for (int i = 0; i < places.Count; i++)
            {
                values.Slice(i * width, width).CopyTo(to.AsSpan(places[i] * width));
            }
        }
    }
}

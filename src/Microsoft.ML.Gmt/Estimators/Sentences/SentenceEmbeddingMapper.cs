using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>The column that <see cref="SentenceEmbeddingTransformer"/> adds to a schema.</summary>
internal sealed class SentenceEmbeddingMapper : BatchMapper
{
    private const string Role = "text";
    private const string Expected = "String";

    private readonly SentenceEmbeddingTransformer _transformer;
    private readonly DataViewSchema.Column _texts;

    /// <exception cref="ArgumentOutOfRangeException">The schema lacks the column, or it is no text.</exception>
    public SentenceEmbeddingMapper(SentenceEmbeddingTransformer transformer, DataViewSchema inputSchema)
        : base(inputSchema, [Column(transformer.Settings)])
    {
        _transformer = transformer;
        _texts = Texts(inputSchema, transformer.Settings);
    }

    public static DataViewSchema.DetachedColumn Column(SentenceEmbeddingSettings settings) =>
        VectorColumn.Make(settings.OutputColumnName, settings.Dimension, settings.OutputColumnName);

    /// <summary>Finds the column of texts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The schema lacks the column, or it is no text.</exception>
    public static DataViewSchema.Column Texts(DataViewSchema schema, SentenceEmbeddingSettings settings) =>
        ScalarColumn.Find<TextDataViewType>(schema, Role, settings.InputColumnName, Expected);

    /// <summary>Checks the column of texts in a schema that is not at hand yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The schema lacks the column, or it is no text.</exception>
    public static void Check(SchemaShape shape, SentenceEmbeddingSettings settings) =>
        ScalarColumn.Check<TextDataViewType>(shape, Role, settings.InputColumnName, Expected);

    /// <inheritdoc/>
    public override IEnumerable<DataViewSchema.Column> InputsOf(int added) => [_texts];

    /// <inheritdoc/>
    public override RowBatch NewBatch(DataViewRow input, int capacity, Func<int, bool> isWanted) =>
        new Batch(_transformer, input.GetGetter<ReadOnlyMemory<char>>(input.Schema[_texts.Index]), capacity);

    private sealed class Batch(SentenceEmbeddingTransformer transformer, ValueGetter<ReadOnlyMemory<char>> text, int capacity)
        : RowBatch(transformer.Lifetime)
    {
        private readonly string[] _texts = new string[capacity];
        private float[]? _vectors;

        public override Delegate NewGetter(int added, Func<int> slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            int row = slot();
            VectorColumn.Copy(_vectors ??= Compute(), row, transformer.Dimension, ref value);
        });

        protected override void Read(int slot)
        {
            ReadOnlyMemory<char> value = default;
            text(ref value);
            _texts[slot] = value.ToString();
        }

        protected override void Forget() => _vectors = null;

        // [row, dimension]
        private float[] Compute()
        {
            using NativeLifetime.Use use = Begin();
            using var scope = NewDisposeScope();
            return transformer.ModelInUse.Get().Encode(_texts[..Count], Count).data<float>().ToArray();
        }
    }
}

using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// Turns sentences into vectors of length one whose inner products say how alike the sentences are: a sentence-transformers model
/// of BERT, mean pooling and normalization, such as all-MiniLM-L6-v2 (Reimers and Gurevych 2019).
/// </summary>
/// <remarks>The weights are frozen, and many threads may use one instance.</remarks>
internal sealed class SentenceEncoder : IDisposable
{
    private const string ConfigFile = "config.json";

    private static readonly string[] Modules =
        ["sentence_transformers.models.Transformer", "sentence_transformers.models.Pooling", "sentence_transformers.models.Normalize"];

    private static readonly string[] OtherPoolings =
    [
        "pooling_mode_cls_token", "pooling_mode_max_tokens", "pooling_mode_mean_sqrt_len_tokens", "pooling_mode_weightedmean_tokens",
        "pooling_mode_lasttoken",
    ];

    private readonly TextTokenizer _tokenizer;
    private readonly BertEncoder _encoder;
    private readonly int _vocabularySize;

    private SentenceEncoder(TextTokenizer tokenizer, BertEncoder encoder, int vocabularySize, int maximumTokens)
    {
        _tokenizer = tokenizer;
        _encoder = encoder;
        _vocabularySize = vocabularySize;
        MaximumTokens = maximumTokens;
    }

    /// <summary>The width of a vector, 384 for all-MiniLM-L6-v2.</summary>
    public int Dimension => _encoder.Config.HiddenSize;

    /// <summary>The layers of the encoder, 6 for all-MiniLM-L6-v2.</summary>
    internal int LayerCount => _encoder.Config.LayerCount;

    /// <summary>The width of the feed-forward halves, 1536 for all-MiniLM-L6-v2.</summary>
    internal int IntermediateSize => _encoder.Config.IntermediateSize;

    /// <summary>How many tokens of a text are read, the two special ones included; the rest is cut off. 256 for all-MiniLM-L6-v2.</summary>
    public int MaximumTokens { get; }

    /// <summary>Loads a model from its folder, as sentence-transformers lays it out.</summary>
    /// <param name="folder">A folder with <c>modules.json</c>, <c>config.json</c>, the weights and <c>tokenizer.json</c>.</param>
    /// <param name="device">Where it computes; null for the CPU.</param>
    /// <returns>The encoder; the caller disposes it.</returns>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks a file.</exception>
    /// <exception cref="GmtFileException">A file is malformed, or asks for something that this encoder does not compute.</exception>
    /// <exception cref="WeightFileException">The weights are malformed or do not fit the configuration.</exception>
    /// <exception cref="NotSupportedException">An adapter lies beside the model.</exception>
    public static SentenceEncoder Load(string folder, Device? device = null)
    {
        ModelFolderContents.RefuseAdapter(folder);
        return LoadSaved(folder, device);
    }

    /// <summary>Loads the model of a saved transformer, without a look at what lies beside it.</summary>
    internal static SentenceEncoder LoadSaved(string folder, Device? device)
    {
        TextTokenizer tokenizer = TokenizerFolder.Load(folder);
        (BertConfig config, int maximumTokens) = ReadShape(folder);
        using WeightStore store = WeightStore.Open(folder);
        int rows = config.VocabularySize ?? tokenizer.VocabularySize;
        return tokenizer.OrdinaryVocabularySize <= rows
            ? new SentenceEncoder(tokenizer, new BertEncoder(config, store, rows, device ?? CPU), rows, maximumTokens)
            : throw new GmtFileException(
                folder, null,
                $"the tokenizer has ids up to {tokenizer.OrdinaryVocabularySize - 1}, the model's vocabulary ends at {rows - 1}. "
                + "They do not belong together.");
    }

    /// <summary>What the folder's configurations say; checks that the model is one that can be computed.</summary>
    /// <exception cref="FileNotFoundException">The folder lacks a file.</exception>
    /// <exception cref="GmtFileException">A file is malformed, or asks for something that this encoder does not compute.</exception>
    internal static (BertConfig Config, int MaximumTokens) ReadShape(string folder)
    {
        CheckModules(folder);
        BertConfig config = BertConfig.Read(Path.Combine(folder, ConfigFile));
        return (config, ReadMaximumTokens(folder, config.MaxPositions));
    }

    /// <summary>The width of the vectors of a model that is not loaded; checks that the folder holds one that can be.</summary>
    /// <param name="folder">As for <see cref="Load"/>.</param>
    /// <exception cref="FileNotFoundException">The folder lacks a file.</exception>
    /// <exception cref="GmtFileException">A file is malformed, or asks for something that this encoder does not compute.</exception>
    /// <exception cref="NotSupportedException">An adapter lies beside the model.</exception>
    internal static int ReadDimension(string folder)
    {
        ModelFolderContents.RefuseAdapter(folder);
        CheckModules(folder);
        return BertConfig.Read(Path.Combine(folder, ConfigFile)).HiddenSize;
    }

    /// <summary>Encodes texts.</summary>
    /// <param name="texts">The texts; an empty one has a vector too.</param>
    /// <param name="batchSize">How many texts are computed at once. Default 32.</param>
    /// <returns>
    /// [texts, <see cref="Dimension"/>] in fp32 on the CPU, rows in the order of the texts; it belongs to the caller's dispose scope.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="texts"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is not positive.</exception>
    /// <exception cref="ArgumentException">A text spells out a token that the model has no row for.</exception>
    public Tensor Encode(IReadOnlyList<string> texts, int batchSize = 32)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        using DisposeScope scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor result = empty([texts.Count, Dimension], ScalarType.Float32, CPU);
        IReadOnlyList<int>[] tokens = [.. texts.Select(Tokenize)];

        // Texts of like length go together: little padding.
        foreach (int[] rows in Enumerable.Range(0, texts.Count).OrderByDescending(row => tokens[row].Count).Chunk(batchSize))
        {
            using DisposeScope batch = NewDisposeScope();
            Tensor vectors = EncodeBatch([.. rows.Select(row => tokens[row])]);
            result.index_copy_(0, tensor(rows.Select(row => (long)row).ToArray(), device: CPU), vectors.cpu());
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Encodes one text.</summary>
    /// <param name="text">The text; an empty one has a vector too.</param>
    /// <returns><see cref="Dimension"/> numbers whose squares sum to one.</returns>
    public float[] Encode(string text)
    {
        using DisposeScope scope = NewDisposeScope();
        return [.. Encode([text]).data<float>()];
    }

    /// <summary>The token ids that a text is encoded from: special ones around it, cut at <see cref="MaximumTokens"/>.</summary>
    /// <exception cref="ArgumentException">The text spells out a token that was added to the tokenizer, and that the model has no row
    /// for.</exception>
    internal IReadOnlyList<int> Tokenize(string text)
    {
        IReadOnlyList<int> all = _tokenizer.Encode(text);
        IReadOnlyList<int> ids = all.Count <= MaximumTokens ? all : [.. all.Take(MaximumTokens - 1), all[^1]];
        return ids.FirstOrDefault(id => id >= _vocabularySize, -1) is var beyond && beyond < 0
            ? ids
            : throw new ArgumentException(
                $"The text holds '{_tokenizer.TokenOf(beyond)}', token {beyond}, which is not in the model's vocabulary of "
                + $"{_vocabularySize}. Take it out.",
                nameof(text));
    }

    /// <summary>The hidden states of one text, [1, token, hidden]: after the embedding and after each layer.</summary>
    internal IEnumerable<Tensor> HiddenStates(string text) =>
        _encoder.HiddenStates(tensor(Tokenize(text).Select(id => (long)id).ToArray(), device: _encoder.Device).unsqueeze(0), null);

    /// <summary>Frees the weights.</summary>
    public void Dispose() => _encoder.Dispose();

    // [batch, dimension]
    private Tensor EncodeBatch(IReadOnlyList<int>[] rows)
    {
        int longest = rows.Max(row => row.Count);
        long[] ids = new long[rows.Length * longest];
        bool[] visible = new bool[ids.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            for (int i = 0; i < rows[row].Count; i++)
            {
                ids[(row * longest) + i] = rows[row][i];
                visible[(row * longest) + i] = true;
            }
        }

        Tensor mask = tensor(visible, [rows.Length, longest], device: _encoder.Device);
        Tensor? padding = rows.Any(row => row.Count < longest) ? mask : null;
        Tensor hidden = _encoder.HiddenStates(tensor(ids, [rows.Length, longest], device: _encoder.Device), padding).Last();   // [batch, token, hidden]
        Tensor weights = mask.to_type(ScalarType.Float32).unsqueeze(-1);
        Tensor mean = (hidden * weights).sum(1) / weights.sum(1);
        return nn.functional.normalize(mean, dim: 1);
    }

    private static void CheckModules(string folder)
    {
        string file = Path.Combine(folder, "modules.json");
        JsonPart root = JsonPart.Read(file);
        JsonPart[] modules = [.. root.Items()];
        if (!modules.Select(module => module["type"].Text()).SequenceEqual(Modules, StringComparer.Ordinal))
        {
            throw root.Fault("the modules are not Transformer, Pooling and Normalize; other models are not supported.");
        }

        JsonPart pooling = JsonPart.Read(PoolingFile(folder, modules[1]["path"]));
        string? other = OtherPoolings.FirstOrDefault(mode => pooling[mode].Flag(false));
        if (other is not null || !pooling["pooling_mode_mean_tokens"].Flag(false))
        {
            throw pooling[other ?? "pooling_mode_mean_tokens"].Fault("only the mean over the tokens is supported.");
        }
    }

    // The file may not lead out of the folder.
    private static string PoolingFile(string folder, JsonPart path) =>
        path.Text() is var name && FileNames.IsPlain(name)
            ? Path.Combine(folder, name, ConfigFile)
            : throw path.Fault("expected the name of a folder inside the model's.");

    private static int ReadMaximumTokens(string folder, int positions)
    {
        string file = Path.Combine(folder, "sentence_bert_config.json");
        JsonPart maximum = File.Exists(file) ? JsonPart.Read(file)["max_seq_length"] : new JsonPart(file, "$", default);
        return maximum.IsNull ? positions
            : maximum.TokenId() is var tokens && tokens >= 2 && tokens <= positions ? tokens
            : throw maximum.Fault($"expected 2 to {positions} tokens, which is what the model has positions for.");
    }
}

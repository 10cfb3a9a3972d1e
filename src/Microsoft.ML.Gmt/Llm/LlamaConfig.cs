using System.Globalization;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Shape and constants of a LLaMA-like decoder: what Hugging Face keeps in <c>config.json</c>.</summary>
/// <remarks>
/// <para>Read are the spellings of transformers 4.x (<c>rope_theta</c>, <c>rope_scaling</c>, <c>torch_dtype</c>) and 5.x
/// (<c>rope_parameters</c>, <c>dtype</c>). What would change the numbers and is not supported (other rope types, sliding windows, fused or
/// normalized projections, other activations, quantized weights) is refused by name when the file is read.</para>
/// </remarks>
public sealed record LlamaConfig
{
    /// <summary>The file's <c>model_type</c>. Default <c>llama</c>.</summary>
    public string ModelType { get; init; } = "llama";

    /// <summary>Number of token ids (rows of the embedding).</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward half.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Number of query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>
    /// Number of key and value heads; each serves <c>HeadCount / KeyValueHeadCount</c> query heads. Default: as many as query heads.
    /// </summary>
    public int KeyValueHeadCount { get => field != 0 ? field : HeadCount; init; }

    /// <summary>Channels of one head; even. Default <c>HiddenSize / HeadCount</c>.</summary>
    public int HeadSize { get => field != 0 || HeadCount == 0 ? field : HiddenSize / HeadCount; init; }

    /// <summary>Added to the mean square before its root is taken in RMSNorm. Default 1e-6.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Rotary positions. Default: θ = 10000, no scaling.</summary>
    public RotaryOptions Rotary { get; init; } = new();

    /// <summary>Whether the output head is the embedding matrix itself. Default false.</summary>
    public bool TieEmbeddings { get; init; }

    /// <summary>Whether query, key and value projections have a bias. Default false.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Whether the attention's output projection has a bias. Default false.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Whether the three feed-forward projections have a bias. Default false.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Dropout probability of attention weights in training. Default 0. The decoder itself never drops (it is frozen or trained
    /// without dropout); modules built beside it may use the value.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Longest text, in tokens, that the model was trained for. Default 2048. A longer one is not refused.</summary>
    public int MaxPositions { get; init; } = 2048;

    /// <summary>Standard deviation of initial weights. Default 0.02.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Token id before each text, or null.</summary>
    public int? BeginOfSequenceId { get; init; }

    /// <summary>Token ids that end a text; may be empty. <c>generation_config.json</c>, where it is there, has the last word.</summary>
    public IReadOnlyList<int> EndOfSequenceIds { get; init; } = [];

    /// <summary>Token id for padding, or null.</summary>
    public int? PadId { get; init; }

    /// <summary>The weights' type as the file states it, or null. The weights themselves decide when they are loaded.</summary>
    public ScalarType? DataType { get; init; }

    /// <summary>
    /// Reads <c>config.json</c> (and end-of-sequence ids of <c>generation_config.json</c>) from a model folder, or where there is none the
    /// settings of a GGUF file.
    /// </summary>
    /// <param name="folder">Folder as Hugging Face lays it out, or with a GGUF file.</param>
    /// <exception cref="FileNotFoundException">There is no <c>config.json</c>.</exception>
    /// <exception cref="GmtFileException">The file is not what it should be; the message names file, key, value and remedy.</exception>
    /// <exception cref="NotSupportedException">
    /// The model has a feature that would give wrong numbers here; the message names it.
    /// </exception>
    /// <example>
    /// <code>
    /// LlamaConfig config = LlamaConfig.Load("models/tiny-llama");
    /// Console.WriteLine($"{config.LayerCount} layers of width {config.HiddenSize}, {config.VocabularySize} tokens");
    /// </code>
    /// </example>
    public static LlamaConfig Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (GgufInFolder.Find(folder) is not { } path)
        {
            return LlamaConfigFile.Read(folder);
        }

        using GgufFile file = GgufFile.Open(path);
        return GgufConfig.Read(file);
    }

    /// <summary>Writes <c>config.json</c>, atomically, in the spelling that both transformers 4.x and 5.x read.</summary>
    /// <param name="folder">Made if it does not exist.</param>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        AtomicFile.Write(Path.Combine(folder, LlamaConfigFile.Name), stream => LlamaConfigFile.Write(this, stream));
    }

    /// <summary>Checks that the sizes go together.</summary>
    /// <exception cref="ArgumentException">A figure makes no sense or does not go with another; the message names it.</exception>
    internal void Validate()
    {
        foreach ((string name, int value) in new[]
        {
            (nameof(VocabularySize), VocabularySize), (nameof(HiddenSize), HiddenSize), (nameof(IntermediateSize), IntermediateSize),
            (nameof(LayerCount), LayerCount), (nameof(HeadCount), HeadCount), (nameof(KeyValueHeadCount), KeyValueHeadCount),
            (nameof(HeadSize), HeadSize), (nameof(MaxPositions), MaxPositions),
        })
        {
            if (value <= 0)
            {
                throw new ArgumentException($"{name} is {value}; it must be positive.");
            }
        }

        foreach ((string name, double value, double limit) in new[]
        {
            (nameof(NormEpsilon), NormEpsilon, double.PositiveInfinity),
            (nameof(InitializerRange), InitializerRange, double.PositiveInfinity),
            (nameof(AttentionDropout), AttentionDropout, 1),
        })
        {
            if (!(value >= 0 && value < limit))
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} is {value}; it must be {(double.IsFinite(limit) ? $"from 0 to below {limit}" : "a finite number from 0")}."));
            }
        }

        if ((long)HeadCount * HeadSize > int.MaxValue)
        {
            throw new ArgumentException($"{HeadCount} heads of size {HeadSize} are together more than {int.MaxValue} channels.");
        }

        Rotary.Validate();
        if (HeadCount % KeyValueHeadCount != 0)
        {
            throw new ArgumentException(
                $"{nameof(HeadCount)} {HeadCount} is not a multiple of {nameof(KeyValueHeadCount)} {KeyValueHeadCount}; choose a divisor.");
        }

        if (HeadSize % 2 != 0)
        {
            throw new ArgumentException($"{nameof(HeadSize)} is {HeadSize}; rotary positions turn pairs of channels, so it must be even.");
        }
    }
}

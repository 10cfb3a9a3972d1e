using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Linear = Microsoft.ML.Gmt.Layers.Linear;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>A LLaMA-like causal language model under Hugging Face's parameter names.</summary>
/// <remarks>
/// The model keeps no state between passes: many threads may use one instance. <see cref="GreedyDecoder"/> generates text with it. Where it
/// is disposed while a decoder generates, that goes on to its end, and the memory is freed then.
/// </remarks>
public sealed partial class LlamaModel : nn.Module
{
    // A forward pass is CreateContext, Embed, RunLayers, FinalNorm, Logits; Forward does all of them. Results belong to the caller's
    // dispose scope. Gradients are recorded only where the caller's grad mode and the parameters ask for them.
    [ComponentName(Name = "model")]
    private readonly LlamaStack _stack;

    [ComponentName(Name = "lm_head")]
    private readonly Linear? _head;

    private readonly RotaryEmbedding _rotary;

    /// <summary>Creates a model to be trained from scratch: matrices normal with the configuration's standard deviation, norms one, biases
    /// zero.</summary>
    /// <param name="config">Shape and constants.</param>
    /// <param name="seed">Decides every initial weight.</param>
    /// <param name="dtype">Type of weights and computation: fp32 (default) or bf16.</param>
    /// <exception cref="ArgumentException">The sizes of <paramref name="config"/> do not go together.</exception>
    /// <exception cref="NotSupportedException"><paramref name="dtype"/> is neither fp32 nor bf16.</exception>
    public LlamaModel(LlamaConfig config, int seed, ScalarType dtype = ScalarType.Float32)
        : this(Checked(config), dtype, new InitialParameters(seed, config.InitializerRange, dtype))
    {
    }

    private LlamaModel(LlamaConfig config, ScalarType dtype, ParameterSource source)
        : base(nameof(LlamaModel))
    {
        Lifetime = new NativeLifetime(typeof(LlamaModel), () => base.Dispose(true));
        if (dtype is not (ScalarType.Float32 or ScalarType.BFloat16))
        {
            throw new NotSupportedException($"Computing in {dtype} is not supported; use Float32 or BFloat16.");
        }

        Config = config;
        DataType = dtype;

        // If a parameter cannot be had, the scope frees those made before it.
        using IDisposable modes = TorchModes.Own();
        using DisposeScope scope = NewDisposeScope();
        _stack = new LlamaStack(source, "model", config);
        _head = config.TieEmbeddings ? null : new Linear(source, "lm_head", config.VocabularySize, config.HiddenSize, bias: false);
        RegisterComponents();
        Layers = [.. _stack.Layers];
        foreach (Parameter parameter in parameters())
        {
            parameter.DetachFromDisposeScope();
        }

        _rotary = new RotaryEmbedding(config.Rotary, config.HeadSize);
    }

    /// <summary>Shape and constants.</summary>
    public LlamaConfig Config { get; }

    /// <summary>Type of weights and computation.</summary>
    public ScalarType DataType { get; }

    /// <summary>Where the weights are; token ids have to be there too.</summary>
    public Device Device => HeadWeight.device;

    /// <summary>How long the weights live.</summary>
    internal NativeLifetime Lifetime { get; }

    /// <summary>The decoder layers, first to last.</summary>
    internal IReadOnlyList<LlamaDecoderLayer> Layers { get; }

    /// <summary>Weight of the output head, [vocabulary, hidden]; the embedding's own where the two are tied.</summary>
    internal Parameter HeadWeight => _head?.Weight ?? _stack.Embedding.Weight;

    /// <summary>Makes a left-padded batch where the model is.</summary>
    /// <param name="rows">Token ids of each row; at least one row, each with at least one token.</param>
    /// <exception cref="ArgumentException">There is no row, or one is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token id is not in the vocabulary; the message names row and place.</exception>
    internal TokenBatch CreateBatch(IReadOnlyList<IReadOnlyList<int>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        for (int row = 0; row < rows.Count; row++)
        {
            CheckTokens(rows[row], $"row {row}");
        }

        return TokenBatch.PadLeft(rows, device: Device);
    }

    /// <summary>Prepares positions, visibility and cache of one forward pass.</summary>
    /// <param name="inputIds">New tokens, [batch, query], int64.</param>
    /// <param name="attentionMask">[batch, query], 1 at tokens and 0 at padding; null: no padding. With padding to the left each row has
    /// the numbers of the row alone; numbers at padding mean nothing.</param>
    /// <param name="cache">Earlier tokens of the same rows, to which this pass adds its own; null: none.</param>
    /// <returns>The context; its tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">The mask's shape is not that of the token ids.</exception>
    internal AttentionContext CreateContext(Tensor inputIds, Tensor? attentionMask = null, KeyValueCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(inputIds);
        return new AttentionContextBuilder(_rotary, DataType).Build(inputIds, attentionMask, cache);
    }

    /// <summary>A context with positions and visibility of the caller's own.</summary>
    internal AttentionContext CreateContextFrom(Tensor positions, Tensor hidden, KeyValueCache? cache) =>
        new AttentionContextBuilder(_rotary, DataType).BuildFrom(positions, hidden, cache);

    /// <summary>Looks up the tokens' vectors.</summary>
    /// <param name="inputIds">[batch, query], int64.</param>
    /// <returns>[batch, query, hidden].</returns>
    internal Tensor Embed(Tensor inputIds) => _stack.Embedding.call(inputIds);

    /// <summary>Runs the layers <paramref name="from"/> … <paramref name="to"/> − 1.</summary>
    /// <param name="hidden">Input of the first of them, [batch, query, hidden].</param>
    /// <param name="context">This pass's context; a later call with it goes on with the layers above.</param>
    /// <param name="from">First layer. Default 0.</param>
    /// <param name="to">Layer after the last. Default: all that remain.</param>
    /// <param name="hook">Called between the halves of each of these layers, or null.</param>
    /// <param name="keepLast">Compute the last of these layers only for so many tokens at the end of each row. Only where it is the model's
    /// last layer may the others be done without. Default (null): for all.</param>
    /// <returns>Output of the last of them, [batch, query or keepLast, hidden], before the final norm; a new tensor even for an empty
    /// range.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the model, or <paramref name="keepLast"/> not within the
    /// query.</exception>
    internal Tensor RunLayers(
        Tensor hidden, AttentionContext context, int from = 0, int? to = null, AttentionHook? hook = null, long? keepLast = null)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        int end = to ?? Layers.Count;
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, end);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Layers.Count);
        Tensor current = hidden.alias();
        for (int layer = from; layer < end; layer++)
        {
            // A scope for each layer: without a backward pass its intermediate tensors are free before the next layer starts.
            using DisposeScope scope = NewDisposeScope();
            Tensor attended = keepLast is long count && layer == end - 1
                ? Layers[layer].AttendLast(current, context, count) : Layers[layer].Attend(current, context);
            Tensor augmented = hook is null ? attended : hook(layer, attended, context);
            Tensor next = Layers[layer].FeedForward(augmented).MoveToOuterDisposeScope();
            current.Dispose();
            current = next;
        }

        return current;
    }

    /// <summary>The norm after the last layer.</summary>
    /// <param name="hidden">[…, hidden].</param>
    /// <returns>[…, hidden].</returns>
    internal Tensor FinalNorm(Tensor hidden) => _stack.Norm.call(hidden);

    /// <summary>Unnormalized log-probabilities of the next token.</summary>
    /// <param name="normed">Output of <see cref="FinalNorm"/>, […, hidden]; select positions before it where only some are needed.</param>
    /// <returns>[…, vocabulary] in fp32.</returns>
    internal Tensor Logits(Tensor normed)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = _head is null ? nn.functional.linear(normed, _stack.Embedding.Weight) : _head.call(normed);
        return (DataType == ScalarType.Float32 ? logits : logits.to_type(ScalarType.Float32)).MoveToOuterDisposeScope();
    }

    /// <summary>Logits at chosen positions only: norm and head are computed there and nowhere else.</summary>
    /// <param name="hidden">Output of the last layer, [batch, query, hidden].</param>
    /// <param name="positions">[selected] int64, row · query + column of each.</param>
    /// <returns>[selected, vocabulary] in fp32.</returns>
    internal Tensor LogitsAt(Tensor hidden, Tensor positions)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(positions);
        using DisposeScope scope = NewDisposeScope();
        Tensor selected = hidden.reshape(-1, hidden.size(-1)).index_select(0, positions);
        return Logits(FinalNorm(selected)).MoveToOuterDisposeScope();
    }

    /// <summary>A whole forward pass with logits at every position.</summary>
    /// <param name="inputIds">[batch, query], int64.</param>
    /// <param name="attentionMask">[batch, query], 1 at tokens and 0 at padding; null: no padding.</param>
    /// <param name="hook">Called between the halves of every layer, or null.</param>
    /// <returns>[batch, query, vocabulary] in fp32.</returns>
    internal Tensor Forward(Tensor inputIds, Tensor? attentionMask = null, AttentionHook? hook = null)
    {
        using DisposeScope scope = NewDisposeScope();
        AttentionContext context = CreateContext(inputIds, attentionMask);
        Tensor hidden = RunLayers(Embed(inputIds), context, hook: hook);
        return Logits(FinalNorm(hidden)).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of the token after the last one of each row.</summary>
    /// <param name="inputIds">New tokens, [batch, query], int64, padding to the left.</param>
    /// <param name="attentionMask">[batch, query], 1 at tokens and 0 at padding; null: no padding.</param>
    /// <param name="cache">Earlier tokens of the same rows, to which this pass adds its own; null: none.</param>
    /// <param name="hook">Called between the halves of every layer, or null.</param>
    /// <returns>[batch, vocabulary] in fp32.</returns>
    internal Tensor NextLogits(Tensor inputIds, Tensor? attentionMask = null, KeyValueCache? cache = null, AttentionHook? hook = null)
    {
        using DisposeScope scope = NewDisposeScope();
        AttentionContext context = CreateContext(inputIds, attentionMask, cache);
        Tensor hidden = RunLayers(Embed(inputIds), context, hook: hook, keepLast: 1); // [batch, 1, hidden]
        return Logits(FinalNorm(hidden.squeeze(1))).MoveToOuterDisposeScope();
    }

    /// <summary>Refuses token ids that the embedding has no row for, before libtorch does so less clearly.</summary>
    internal void CheckTokens(IReadOnlyList<int> tokens, string what)
    {
        for (int index = 0; index < tokens.Count; index++)
        {
            if ((uint)tokens[index] >= (uint)Config.VocabularySize)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(tokens), tokens[index],
                    $"Token {index} of {what} is not in the model's vocabulary of {Config.VocabularySize} tokens. Take a special " +
                    "token that was added to the tokenizer, such as <pad>, out of the text; or is the tokenizer another model's?");
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Lifetime.End();
        }
        else
        {
            base.Dispose(false);
        }
    }

    private static LlamaConfig Checked(LlamaConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Validate();
        TorchRuntime.EnsureLoaded();
        return config;
    }
}

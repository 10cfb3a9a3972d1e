using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Generates the most probable next token again and again, for several rows at once, each token computed once.</summary>
/// <remarks>Holds no state between calls; one decoder may be used by many threads.</remarks>
public sealed class GreedyDecoder
{
    // A row may be allowed far more tokens than it ends up with; the cache grows where it has them.
    private const int ReservedTokens = 256;

    private readonly LlamaModel _model;
    private readonly GreedyOptions _options;
    private readonly HashSet<int> _ends;

    /// <summary>Creates a decoder.</summary>
    /// <param name="model">The language model; it is not disposed.</param>
    /// <param name="options">Default: a new <see cref="GreedyOptions"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="GreedyOptions.MaxNewTokens"/> is negative.</exception>
    public GreedyDecoder(LlamaModel model, GreedyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _options = options ?? new GreedyOptions();
        OptionRanges.Check(_options);
        _ends = _options.StopAtEndOfSequence ? [.. _options.EndOfSequenceIds ?? model.Config.EndOfSequenceIds] : [];
    }

    /// <summary>Continues each prompt.</summary>
    /// <param name="prompts">Token ids of each row, at least one; of any lengths.</param>
    /// <param name="cancellationToken">Ends the generation between two tokens with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// The new tokens of each row, the end-of-sequence token that ended it included; fewer where the model has no position for more
    /// (<c>max_position_embeddings</c>).
    /// </returns>
    /// <exception cref="ArgumentException">A prompt is empty.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed before.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token id is not in the vocabulary.</exception>
    /// <exception cref="NotFiniteNumberException">The model's scores of tokens are not finite.</exception>
    public IReadOnlyList<IReadOnlyList<int>> Generate(
        IReadOnlyList<IReadOnlyList<int>> prompts, CancellationToken cancellationToken = default) =>
        Generate(prompts, hook: null, cancellationToken);

    /// <summary>Continues each prompt; <paramref name="hook"/> is called between the halves of every layer in every pass, with the rows in
    /// the order of the prompts.</summary>
    internal IReadOnlyList<IReadOnlyList<int>> Generate(
        IReadOnlyList<IReadOnlyList<int>> prompts, AttentionHook? hook, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        List<int>[] generated = [.. prompts.Select(_ => new List<int>())];
        if (prompts.Count == 0 || _options.MaxNewTokens == 0)
        {
            return generated;
        }

        using NativeLifetime.Use use = _model.Lifetime.Begin();
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        TokenBatch batch = _model.CreateBatch(prompts);
        int[] room = [.. batch.Lengths.Select(RoomAfter)]; // tokens of each row
        int steps = room.Max();
        using KeyValueCache cache = new(_model.Config.LayerCount, batch.InputIds.size(1) + Math.Min(steps, ReservedTokens));
        Tensor input = batch.InputIds;
        Tensor? mask = batch.AttentionMask;
        bool[] done = Array.ConvertAll(room, tokens => tokens == 0);
        for (int step = 0; step < steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope stepScope = NewDisposeScope();
            Tensor logits = _model.NextLogits(input, mask, cache, hook); // [batch, vocabulary]
            Tensor next = logits.argmax(-1);                             // [batch]
            CheckLikeliest(logits, next);
            if (Collect(next, generated, room, done))
            {
                break;
            }

            // Rows that have ended go on as ballast until all have; their tokens are no longer looked at.
            input = next.unsqueeze(1).MoveToOuterDisposeScope();
            mask = null;
        }

        return generated;
    }

    /// <summary>How many tokens may follow a prompt.</summary>
    private int RoomAfter(int promptLength) => _options.StopAtLastPosition
        ? Math.Clamp(_model.Config.MaxPositions - promptLength, 0, _options.MaxNewTokens)
        : _options.MaxNewTokens;

    /// <summary>NaN counts as the greatest, so the likeliest token's logit tells whether there is one.</summary>
    private static void CheckLikeliest(Tensor logits, Tensor next)
    {
        float[] likeliest = logits.gather(1, next.unsqueeze(1)).to(ScalarType.Float32).cpu().data<float>().ToArray();
        FiniteNumbers.CheckScores(likeliest, row => $"the language model's score of the next token (row {row} of the batch)");
    }

    /// <summary>Appends the new tokens to the rows that are not done; true when all are.</summary>
    private bool Collect(Tensor next, List<int>[] generated, int[] room, bool[] done)
    {
        using Tensor onHost = next.cpu();
        long[] tokens = [.. onHost.data<long>()];
        bool all = true;
        for (int row = 0; row < generated.Length; row++)
        {
            if (!done[row])
            {
                int token = (int)tokens[row];
                generated[row].Add(token);
                done[row] = _ends.Contains(token) || generated[row].Count == room[row];
            }

            all &= done[row];
        }

        return all;
    }
}

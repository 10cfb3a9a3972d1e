using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Log-likelihoods of several possible continuations of a prompt: verdicts, multiple choice, re-ranking.</summary>
/// <remarks>
/// The prompt is computed once. Continuations of one token need nothing more; longer ones go as a tree through a second pass over the
/// prompt's keys and values, in which each token sees the prompt and its own ancestors, so that shared beginnings are computed once too.
/// Holds no state between calls; one scorer may be used by many threads.
/// </remarks>
internal sealed class ContinuationScorer
{
    // Bounds the largest temporary, [positions, vocabulary].
    private const int PositionsPerHead = 256;

    private readonly LlamaModel _model;

    /// <summary>Creates a scorer.</summary>
    /// <param name="model">The language model; it is not disposed.</param>
    public ContinuationScorer(LlamaModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
    }

    /// <summary>Scores every continuation of every query, all queries in one batch.</summary>
    /// <param name="queries">At least one. Memory grows with their number: give as many as fit.</param>
    /// <param name="hook">Called between the halves of every layer in every pass, with the rows in the order of the queries; or
    /// null.</param>
    /// <param name="cancellationToken">Checked between the passes.</param>
    /// <returns>For each query and continuation the natural logarithm of P(continuation | prompt): the sum over its tokens.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A token id is not in the vocabulary.</exception>
    /// <exception cref="NotFiniteNumberException">A log-likelihood is not finite.</exception>
    public IReadOnlyList<double[]> ScoreContinuations(
        IReadOnlyList<ContinuationQuery> queries, AttentionHook? hook = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(queries);
        cancellationToken.ThrowIfCancellationRequested();
        if (queries.Count == 0)
        {
            return [];
        }

        CheckContinuations(queries);
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        ContinuationTree[] trees = [.. queries.Select(query => new ContinuationTree(query))];
        NodeScores scores = new(trees);
        TokenBatch prompts = _model.CreateBatch([.. queries.Select(query => query.Prompt)]);
        int longest = trees.Max(tree => tree.Inner.Length);
        long promptLength = prompts.InputIds.size(1);
        using KeyValueCache? cache = longest == 0 ? null : new KeyValueCache(_model.Config.LayerCount, promptLength + longest);
        scores.AddEndOfPrompt(_model.NextLogits(prompts.InputIds, prompts.AttentionMask, cache, hook));
        if (cache is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ScoreTrees(new ContinuationPass(trees, prompts.Lengths, (int)promptLength, longest), cache, hook, scores);
        }

        double Total(IEnumerable<int> path, int row) => Finite(path.Sum(node => (double)scores[row, node]), row);
        return [.. trees.Select((tree, row) => Array.ConvertAll(tree.Paths, path => Total(path, row)))];
    }

    /// <summary>
    /// Scores one query under many variants of what a hook adds: the layers below the first that it changes are computed once for all.
    /// </summary>
    /// <param name="query">The query; its continuations have one token each.</param>
    /// <param name="variants">How many variants.</param>
    /// <param name="batchSize">How many share a pass.</param>
    /// <param name="firstLayer">The first layer that the hook changes.</param>
    /// <param name="hookOf">Gives the hook of some variants by the first of them and their number, a row each.</param>
    /// <param name="cancellationToken">Checked between the passes.</param>
    /// <returns>For each variant and continuation the natural logarithm of P(continuation | prompt).</returns>
    /// <exception cref="ArgumentOutOfRangeException">A token id is not in the vocabulary.</exception>
    /// <exception cref="NotFiniteNumberException">A log-likelihood is not finite.</exception>
    public IReadOnlyList<double[]> ScoreVariants(
        ContinuationQuery query, int variants, int batchSize, int firstLayer, Func<int, int, AttentionHook> hookOf,
        CancellationToken cancellationToken = default)
    {
        CheckContinuations([query]);
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        TokenBatch prompt = _model.CreateBatch([query.Prompt]);
        Tensor shared = _model.RunLayers(
            _model.Embed(prompt.InputIds), _model.CreateContext(prompt.InputIds), to: firstLayer);        // [1, query, hidden]
        Tensor answers = tensor([.. query.Continuations.Select(continuation => (long)continuation[0])], device: _model.Device);
        List<double[]> scores = [];
        for (int start = 0; start < variants; start += batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope pass = NewDisposeScope();
            int rows = Math.Min(batchSize, variants - start);
            AttentionContext context = _model.CreateContext(prompt.InputIds.expand(rows, -1));
            Tensor hidden = _model.RunLayers(
                shared.expand(rows, -1, -1), context, firstLayer, hook: hookOf(start, rows), keepLast: 1); // [rows, 1, hidden]
            Tensor logs = nn.functional.log_softmax(_model.Logits(_model.FinalNorm(hidden.squeeze(1))), 1);
            float[] chosen = [.. logs.index_select(1, answers).cpu().contiguous().data<float>()];       // [rows · answers]
            scores.AddRange(chosen.Chunk(query.Continuations.Count).Select(
                (row, i) => Array.ConvertAll(row, log => Finite(log, start + i))));
        }

        return scores;
    }

    private static double Finite(double score, int row) => double.IsFinite(score)
        ? score
        : throw FiniteNumbers.NotFinite($"the language model's log-likelihood of an answer (row {row} of the batch)", score);

    private void CheckContinuations(IReadOnlyList<ContinuationQuery> queries)
    {
        for (int row = 0; row < queries.Count; row++)
        {
            for (int index = 0; index < queries[row].Continuations.Count; index++)
            {
                _model.CheckTokens(queries[row].Continuations[index], $"continuation {index} of row {row}");
            }
        }
    }

    private void ScoreTrees(ContinuationPass pass, KeyValueCache cache, AttentionHook? hook, NodeScores scores)
    {
        AttentionContext context = _model.CreateContextFrom(pass.Positions(_model.Device), pass.Hidden(_model.Device), cache);
        Tensor hidden = _model.RunLayers(_model.Embed(pass.InputIds(_model.Device)), context, hook: hook);
        foreach (Slot[] part in pass.Slots().Chunk(PositionsPerHead))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor positions = tensor(Array.ConvertAll(part, slot => ((long)slot.Row * pass.Length) + slot.Index), device: _model.Device);
            scores.Add(part, _model.LogitsAt(hidden, positions));
        }
    }
}

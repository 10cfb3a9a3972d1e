using Microsoft.Extensions.Logging;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>The scorer that <c>services.AddGmt</c> registers.</summary>
internal sealed class GmtScorer : IGmtScorer, IDisposable
{
    private const int MostEvidence = 1000;

    private readonly GmtOptions _options;
    private readonly ReloadingFile<ServedModel> _model;
    private readonly SemaphoreSlim _gate;

    public GmtScorer(MLContext ml, GmtOptions options, ILogger logger, TimeProvider time)
    {
        _options = options;
        _gate = new SemaphoreSlim(options.MaximumConcurrentCalls);
        _model = new ReloadingFile<ServedModel>(
            options.ModelPath is { Length: > 0 } archive ? archive : options.GraphPath!,
            options.WatchForChanges ? options.WatchInterval : null, path => Load(ml, options, path), logger, time, typeof(IGmtScorer));
    }

    /// <inheritdoc/>
    public Task LoadAsync(CancellationToken cancellationToken = default) => Run((_, _) => true, cancellationToken);

    /// <inheritdoc/>
    public async Task<FactVerdict> JudgeAsync(NamedFact fact, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fact);
        return (await JudgeAsync([fact], cancellationToken).ConfigureAwait(false))[0];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FactVerdict>> JudgeAsync(IReadOnlyList<NamedFact> facts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(facts);
        for (int i = 0; i < facts.Count; i++)
        {
            if (facts[i] is null)
            {
                throw new ArgumentException($"facts[{i}] is null, and no fact; leave it out.", nameof(facts));
            }
        }

        return Run(
            (model, token) =>
            {
                NamedTriple[] asked = [.. facts.Select(fact => NamedTriple.Find(model.Graph, fact))];
                Triple[] known = [.. asked.Where(triple => triple.Problems.Count == 0).Select(triple => triple.Triple)];
                var judgments = new Queue<Judgment>();
                foreach (Triple[] batch in known.Chunk(_options.MaximumBatchSize))
                {
                    token.ThrowIfCancellationRequested();
                    foreach (Judgment judgment in model.Judge(batch, token))
                    {
                        judgments.Enqueue(judgment);
                    }
                }

                return (IReadOnlyList<FactVerdict>)
                [
                    .. asked.Select(triple => Verdict(model, triple, triple.Problems.Count == 0 ? judgments.Dequeue() : null, token)),
                ];
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<LinkRanking> RankAsync(LinkQuestion question, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentOutOfRangeException.ThrowIfLessThan(question.Count, 1);
        return Run(
            (model, token) => new EntityFinder(model, _options.RankCandidates, _options.MaximumBatchSize).Find(question, token),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<FactExplanation> ExplainAsync(NamedFact fact, int count = 5, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fact);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostEvidence);
        return Run(
            (model, token) =>
            {
                NamedTriple asked = NamedTriple.Find(model.Graph, fact);
                return asked.Problems.Count > 0
                    ? new FactExplanation(Verdict(model, asked, null, token), [])
                    : new FactExplanation(
                        Verdict(model, asked, model.Judge([asked.Triple], token)[0], token),
                        [.. model.Explain(asked.Triple, count, token)]);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static FactVerdict Verdict(ServedModel model, NamedTriple asked, Judgment? judgment, CancellationToken cancellationToken) =>
        judgment is { } found
            ? new FactVerdict(
                model.Named(asked.Triple), found.IsTrue, found.Probability,
                model.CalibrationOf(asked.Triple.Relation, cancellationToken), [])
            : new FactVerdict(asked.Given, null, null, null, asked.Problems);

    private static ServedModel Load(MLContext ml, GmtOptions options, string path)
    {
        ITransformer model;
        if (options.ModelPath is { Length: > 0 })
        {
            model = ml.Model.Load(path, out _);
        }
        else
        {
            KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(path);
            model = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
        }

        try
        {
            options.OnLoaded?.Invoke(ml, model);
            return ServedModel.Of(path, model);
        }
        catch
        {
            (model as IDisposable)?.Dispose();
            throw;
        }
    }

    private async Task<T> Run<T>(Func<ServedModel, CancellationToken, T> work, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _model.LoadAsync(cancellationToken).ConfigureAwait(false);
            return await Task.Run(
                () =>
                {
                    using SharedValue<ServedModel>.Lease lease = _model.Take();
                    cancellationToken.ThrowIfCancellationRequested();
                    return work(lease.Value, cancellationToken);
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }
}

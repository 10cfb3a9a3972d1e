using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt;

/// <summary>
/// A trained model, wherever it comes from: a graph module and perhaps a language model that reads the graph, a path model, or
/// an embedding.
/// </summary>
internal sealed class FactModel : IDisposable
{
    private readonly SgmTransformer? _stage1;
    private readonly GmtTransformer? _stage2;
    private readonly ITransformer[] _all;
    private readonly PathScoringTransformer? _paths;
    private readonly KgeTransformer? _embedding;

    /// <summary>Takes over the transformers of a model.</summary>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <param name="transformers">The model's transformers, in their order.</param>
    /// <exception cref="NotSupportedException">None of them is of this library, or one lacks its tokenizer.</exception>
    public FactModel(string source, IEnumerable<ITransformer> transformers)
    {
        ITransformer[] all = [.. transformers];
        (Source, _all) = (source, all);
        (_stage1, _stage2) = (all.OfType<SgmTransformer>().LastOrDefault(), all.OfType<GmtTransformer>().LastOrDefault());
        _paths = all.OfType<PathScoringTransformer>().LastOrDefault();
        _embedding = all.OfType<KgeTransformer>().LastOrDefault();
        Graph = _stage2?.Graph ?? _stage1?.Graph ?? _paths?.Graph ?? _embedding?.Graph ?? throw new NotSupportedException(
            $"{source} holds no model of this library; its transformers are {Names(all)}.");
        if (_stage2 is { Model.Tokenizer.IsMissing: true })
        {
            throw new NotSupportedException(
                $"{source} was made with a tokenizer of its own, which no archive can hold and only a program can give: load the model "
                + "there, and give the tokenizer with ml.Model.BindTokenizer(model, tokenizer).");
        }
    }

    /// <summary>Where the model comes from.</summary>
    public string Source { get; }

    /// <summary>Its graph.</summary>
    public KnowledgeGraph Graph { get; }

    /// <summary>Whether it can judge, and not rank alone.</summary>
    public bool HasLanguageModel => _stage2 is not null;

    /// <summary>The transformers before stage 2, which make what it reads.</summary>
    public IReadOnlyList<ITransformer> Featurizers => [.. _all.TakeWhile(transformer => transformer != _stage2)];

    /// <summary>Who judges triples.</summary>
    /// <exception cref="NotSupportedException">There is no language model.</exception>
    public TripleJudge Judge =>
        _stage2?.GetJudge(Featurizers) ?? throw new NotSupportedException(
            $"{Source} is {(Embedding is not null ? "an embedding" : PathModel is null ? "of stage 1" : "a path model")} and cannot "
            + "judge; 'gmt rank' ranks by it. Finetuned models judge.");

    /// <summary>Who says which features moved verdicts; null for a model that reads none.</summary>
    public FeatureExplainer? FeatureExplainer => _stage2 is { Settings: { Features: not null } settings }
        ? new(settings, Featurizers.OfType<FeaturizeTriplesTransformer>().LastOrDefault()?.Paths)
        : null;

    /// <summary>The path model; null where it is another.</summary>
    public PathScoringTransformer? PathModel => _stage2 is null && _stage1 is null ? _paths : null;

    /// <summary>Whether it says of a triple that it holds, with a probability.</summary>
    public bool HasVerdicts => HasLanguageModel || PathModel is not null;

    /// <summary>The embedding; null where it is another.</summary>
    public KgeTransformer? Embedding => _stage2 is null && _stage1 is null && _paths is null ? _embedding : null;

    /// <summary>What scores, for titles.</summary>
    public string ScorerName => Embedding is { EmbeddingModel: var model } ? $"the {model} embedding"
        : PathModel is null ? "the graph module" : "the path model";

    /// <summary>The scores of the graph module, the path model or the embedding.</summary>
    public ITripleScorer Scorer => _stage2?.GetScorer() ?? _stage1?.Scorer ?? _paths?.Scorer ?? _embedding!.Scorer;

    /// <summary>What of a triple is hidden from its own evidence.</summary>
    public QueryMask Mask => _stage2?.Mask ?? _stage1?.Mask ?? _paths?.Mask ?? QueryMask.None;

    /// <summary>The transformer to be saved.</summary>
    public ITransformer Transformer => (ITransformer?)_stage2 ?? (ITransformer?)_stage1 ?? (ITransformer?)_paths ?? _embedding!;

    /// <summary>Stage 1's transformer, or null.</summary>
    public SgmTransformer? Stage1 => _stage1;

    /// <summary>Stage 2's transformer, or null.</summary>
    public GmtTransformer? Stage2 => _stage2;

    /// <summary>Frees all transformers.</summary>
    public void Dispose()
    {
        foreach (IDisposable transformer in _all.OfType<IDisposable>())
        {
            transformer.Dispose();
        }
    }

    private static string Names(ITransformer[] transformers) =>
        transformers.Length == 0 ? "none" : string.Join(", ", transformers.Select(transformer => transformer.GetType().Name));
}

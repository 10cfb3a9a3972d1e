using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>A loaded model with its graph; any number of threads may ask it.</summary>
internal abstract class ServedModel(ITransformer[] transformers, KnowledgeGraph graph) : IDisposable
{
    private readonly Lazy<KnownTriples> _known = new(() => new KnownTriples(graph));

    /// <summary>Its graph.</summary>
    public KnowledgeGraph Graph { get; } = graph;

    /// <summary>What the graph states, in any split.</summary>
    public KnownTriples Known => _known.Value;

    /// <summary>Whether it says of a triple that it holds, with a probability.</summary>
    public virtual bool HasVerdicts => true;

    /// <summary>The scores that entities are found by.</summary>
    public abstract ITripleScorer Scorer { get; }

    /// <summary>What of an answer that the graph states is hidden from its own score when entities are found.</summary>
    public virtual QueryMask RetrievalMask => QueryMask.None;

    /// <summary>Makes a model of what an archive held.</summary>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <param name="model">A transformer or a chain; disposed with the result.</param>
    /// <exception cref="NotSupportedException">No transformer of it is a model of this library.</exception>
    public static ServedModel Of(string source, ITransformer model)
    {
        ITransformer[] all = [.. TransformerParts.Of(model)];
        return all.OfType<GmtTransformer>().LastOrDefault() is { } language
                ? new ServedLanguageModel(all, [.. all.TakeWhile(part => part != language)], language)
            : all.OfType<PathScoringTransformer>().LastOrDefault() is { } paths && !all.OfType<SgmTransformer>().Any()
                ? new ServedPathModel(all, paths)
            : all.OfType<TripleScoringTransformer>().LastOrDefault() is { } scoring
                ? new ServedScores(all, scoring, source)
            : throw new NotSupportedException(
                $"{source} holds no model of this library; its transformers are "
                + $"{(all.Length == 0 ? "none" : string.Join(", ", all.Select(part => part.GetType().Name)))}. "
                + "Prediction engines of it are pooled by AddPredictionEnginePool.");
    }

    /// <summary>Judges triples, all in one pass.</summary>
    /// <exception cref="NotSupportedException">It has no verdicts.</exception>
    public abstract IReadOnlyList<Judgment> Judge(IReadOnlyList<Triple> triples, CancellationToken cancellationToken);

    /// <summary>What the verdict of a triple came about by.</summary>
    /// <param name="triple">The triple.</param>
    /// <param name="count">How much of each kind at most.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public abstract IEnumerable<FactEvidence> Explain(Triple triple, int count, CancellationToken cancellationToken);

    /// <summary>What probabilities of a relation were fitted on, where no label was; else null.</summary>
    public virtual string? CalibrationOf(int relation, CancellationToken cancellationToken) => null;

    /// <summary>A triple in the graph's labels.</summary>
    public NamedFact Named(Triple triple) =>
        new(Graph.EntityText(triple.Head), Graph.RelationText(triple.Relation), Graph.EntityText(triple.Tail));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable part in transformers.OfType<IDisposable>())
        {
            part.Dispose();
        }
    }

    /// <summary>Paths as evidence.</summary>
    protected IEnumerable<FactEvidence> Evidence(IEnumerable<Paths.ExplainedPath> paths) => paths.Select(path => new FactEvidence(
        FactEvidenceKind.Path, path.Weight, path.Text(Graph), [.. path.Steps.Select(step => Named(step.Fact))]));
}

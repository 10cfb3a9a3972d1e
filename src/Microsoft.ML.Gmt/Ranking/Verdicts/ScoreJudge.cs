using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>
/// Says whether triples hold by the scores of a model, with nothing but the graph to learn from: no label is needed, and none is read.
/// </summary>
/// <remarks>
/// <para>The score of a triple is the mean log-softmax of its tail and its head. For each relation a logistic curve turns it into a
/// probability (Platt 1999). The curve is fitted, when the relation is first asked about, on up to <see cref="MostTriples"/> training
/// triples, each scored as if the graph lacked it, and a typed negative of each: head or tail is replaced by another that the relation
/// has elsewhere. Slope and intercept are drawn to those of all relations together, which alone count where a relation has fewer than
/// <see cref="FewestRows"/> rows. Of graphs with many triples fewer are taken, so that a first verdict does not take minutes.</para>
/// <para>So probabilities are those of a world with as many such negatives as true triples, and are not calibrated on labels. Where there
/// are labeled triples, learn from them: <c>FeaturizeTriples</c>, <c>GmtFinetune</c>.</para>
/// <para>A triple that the graph states is judged as if it did not. The same graph and model give the same verdicts, whatever was asked
/// before. Any number of threads may use one judge.</para>
/// </remarks>
/// <example>
/// <code>
/// using PathScoringTransformer model = ml.Transforms.ApplyPathModel(graph, "models/ultra_50g.pth").Fit(graph.ToDataView());
/// ScoreJudge judge = model.GetJudge();
/// Triple question = graph.GetTriple("Sweden", "member of", "European Southern Observatory");
/// ScoreVerdict verdict = judge.Judge([question])[0];
/// Console.WriteLine($"{verdict.IsTrue}, {verdict.Probability:p0}");
/// Console.WriteLine(judge.CalibrationOf(question.Relation));   // not calibrated on labels: fitted on 200 rows of this relation …
/// </code>
/// </example>
public sealed class ScoreJudge
{
    /// <summary>Relations with fewer rows share the curve of all: 30.</summary>
    public const int FewestRows = 30;

    /// <summary>How many training triples of a relation are taken at most: 100.</summary>
    public const int MostTriples = 100;

    // So that rows times edges stay below this; but not fewer than this many triples.
    private const int MostEdgeVisits = 6_000_000, FewestTriples = 30;

    // Of all relations together, in relation to those of one.
    private const int PooledShare = 3;

    // Chosen on CoDEx-S among 1, 4 and 16 by training triples that the curves were not fitted on.
    private const double Strength = 1;

    private readonly KnowledgeGraph _graph;
    private readonly AnswerLogLikelihood _scores;
    private readonly Lazy<CalibrationPairs> _pairs;
    private readonly Lock _fitting = new();
    private readonly Dictionary<int, RelationCurve> _curves = [];
    private Pool? _pool;

    /// <summary>Creates a judge; nothing is fitted yet.</summary>
    /// <param name="scorer">A model that can mask.</param>
    /// <param name="seed">The seed of the rows.</param>
    /// <exception cref="NotSupportedException">The model cannot mask.</exception>
    internal ScoreJudge(ITripleScorer scorer, int seed = RandomStreams.DefaultSeed)
    {
        if (!scorer.CanMask)
        {
            throw new NotSupportedException(
                "Verdicts without labels are fitted on training triples that are hidden from their own scores, and this model can't hide "
                + "any.");
        }

        _graph = scorer.Graph;
        var stated = new KnownTriples(_graph, GraphSplit.Train);
        _scores = new AnswerLogLikelihood(scorer, stated);
        _pairs = new(() => new CalibrationPairs(_graph, stated, seed));
    }

    private int TriplesOfRelation =>
        Math.Clamp(MostEdgeVisits / Math.Max(1, _graph.Triples(GraphSplit.Train).Length), FewestTriples, MostTriples);

    /// <summary>Judges triples. Those of one call share the model's work.</summary>
    /// <param name="triples">The triples, of the model's graph.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Verdicts in the order of the triples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="InvalidOperationException">The graph has no training triple.</exception>
    /// <exception cref="NotFiniteNumberException">A score is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The model's transformer was disposed.</exception>
    public IReadOnlyList<ScoreVerdict> Judge(IReadOnlyList<Triple> triples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(triples);
        foreach (Triple triple in triples)
        {
            _graph.Bounds.Check(triple, nameof(triples));
        }

        Dictionary<int, RelationCurve> curves = triples.Select(triple => triple.Relation).Distinct()
            .ToDictionary(relation => relation, relation => Curve(relation, cancellationToken));
        double[] scores = _scores.Of(TripleQuery.Of(triples), cancellationToken);
        return [.. triples.Select((triple, i) => new ScoreVerdict(scores[i], curves[triple.Relation].LogOdds(scores[i])))];
    }

    /// <summary>What the probabilities of a relation were fitted on; fits them where nothing was asked about it yet.</summary>
    /// <param name="relation">Id of the relation.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such relation.</exception>
    /// <exception cref="InvalidOperationException">The graph has no training triple.</exception>
    public ScoreCalibration CalibrationOf(int relation, CancellationToken cancellationToken = default)
    {
        _graph.Bounds.CheckRelation(relation, nameof(relation));
        return Curve(relation, cancellationToken).Calibration;
    }

    private RelationCurve Curve(int relation, CancellationToken cancellationToken)
    {
        lock (_fitting)
        {
            if (!_curves.TryGetValue(relation, out RelationCurve? curve))
            {
                _pool ??= NewPool(cancellationToken);
                _curves.Add(relation, curve = Fit(relation, _pool, cancellationToken));
            }

            return curve;
        }
    }

    private RelationCurve Fit(int relation, Pool pool, CancellationToken cancellationToken)
    {
        (TripleQuery Query, bool Label)[] rows = _pairs.Value.Of(relation, TriplesOfRelation);
        return rows.Length < FewestRows
            ? new RelationCurve(pool, pool.Curve, pool.Rows, IsPooled: true)
            : new RelationCurve(pool, pool.Fit(Scored(rows, cancellationToken), pool.Curve), rows.Length, IsPooled: false);
    }

    private Pool NewPool(CancellationToken cancellationToken)
    {
        (TripleQuery Query, bool Label)[] rows = _pairs.Value.OfAll(PooledShare * TriplesOfRelation);
        if (rows.Length == 0)
        {
            throw new InvalidOperationException(
                "The graph has no training triple, so there is nothing to fit verdicts on; give one with triples.");
        }

        (double X, bool Label)[] scored = Scored(rows, cancellationToken);
        double mean = scored.Average(row => row.X);
        double deviation = Math.Sqrt(scored.Average(row => (row.X - mean) * (row.X - mean)));
        var pool = new Pool(mean, deviation > 0 ? deviation : 1, rows.Length);
        return pool with { Curve = pool.Fit(scored, new LogisticCurve(1, 0)) };
    }

    private (double X, bool Label)[] Scored((TripleQuery Query, bool Label)[] rows, CancellationToken cancellationToken) =>
        [.. _scores.Of(Array.ConvertAll(rows, row => row.Query), cancellationToken).Zip(rows, (score, row) => (score, row.Label))];

    /// <summary>
    /// All relations together: the scale that slopes are compared on, and the curve that those of relations are drawn to.
    /// </summary>
    private sealed record Pool(double Mean, double Deviation, int Rows)
    {
        public LogisticCurve Curve { get; init; }

        public double Scaled(double score) => (score - Mean) / Deviation;

        public LogisticCurve Fit((double X, bool Label)[] rows, LogisticCurve prior) =>
            LogisticCurve.Fit([.. rows.Select(row => (Scaled(row.X), row.Label))], prior, Strength);
    }

    private sealed record RelationCurve(Pool Pool, LogisticCurve Curve, int Rows, bool IsPooled)
    {
        public ScoreCalibration Calibration => new(Rows, IsPooled, Pool.Mean + (Pool.Deviation * Curve.Threshold));

        public double LogOdds(double score) => Curve.LogOdds(Pool.Scaled(score));
    }
}

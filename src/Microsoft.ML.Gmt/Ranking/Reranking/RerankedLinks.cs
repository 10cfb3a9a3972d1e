using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>
/// Link prediction in two steps: a first model has retrieved the m best entities of each question, and a second, dearer one has scored
/// these. Their order comes of first score + weight · second score; whatever was not retrieved stays behind them, in the order of the
/// first model.
/// </summary>
/// <remarks>
/// The scores are kept, so any weight can be asked for without another pass: 0 is the first model alone, and
/// <see cref="double.PositiveInfinity"/> orders the candidates by the second alone. Choose the weight on validation triples
/// (<see cref="ChooseWeight"/>): where 0 comes out, re-ranking does not help.
/// </remarks>
/// <example>
/// Choose the weight by validation triples, then judge by test triples:
/// <code>
/// using KgeTransformer retriever = ml.Transforms.EmbedKnowledgeGraph(graph, KgeModel.ComplEx).Fit(graph.ToDataView());
/// using GmtTransformer model = ml.Transforms.SgmPretrain(graph).Append(ml.Transforms.GmtFinetune("models/tiny-llama"))
///     .Fit(graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1)).LastTransformer;
/// RerankedLinks validation = model.RerankEntities(graph.ToDataView(GraphSplit.Validation), retriever.Scorer);
/// RerankedLinks test = model.RerankEntities(graph.ToDataView(GraphSplit.Test), retriever.Scorer);
/// double weight = validation.ChooseWeight();
/// Console.WriteLine($"recall@{test.NumberOfCandidates} {test.Recall:p1}, {test.Misses} answers were not retrieved");
/// Console.WriteLine($"MRR {test.Metrics(0).MeanReciprocalRank:f3} before, {test.Metrics(weight).MeanReciprocalRank:f3} after");
/// </code>
/// </example>
public sealed class RerankedLinks
{
    private readonly KnowledgeGraph _graph;
    private readonly Triple[] _triples;
    private readonly RerankedQuestion[] _heads;
    private readonly RerankedQuestion[] _tails;

    internal RerankedLinks(
        KnowledgeGraph graph, Triple[] triples, RerankedQuestion[] heads, RerankedQuestion[] tails, int numberOfCandidates) =>
        (_graph, _triples, _heads, _tails, NumberOfCandidates) = (graph, triples, heads, tails, numberOfCandidates);

    /// <summary>The weights that <see cref="ChooseWeight"/> tries where none are given.</summary>
    public static IReadOnlyList<double> DefaultWeights { get; } =
        [0, 1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2, 1, 2, 4, double.PositiveInfinity];

    /// <summary>m, how many entities were retrieved for each question.</summary>
    public int NumberOfCandidates { get; }

    /// <summary>How many questions there are: two for each triple.</summary>
    public int QuestionCount => 2 * _triples.Length;

    /// <summary>Questions whose answer was not among those retrieved: no second score can bring it up.</summary>
    public int Misses => _heads.Concat(_tails).Count(question => question.Retrieved.AnswerPlace < 0);

    /// <summary>Recall@m, the share of answers that were retrieved: the most that Hits@1 can become. NaN without questions.</summary>
    public double Recall => QuestionCount == 0 ? double.NaN : 1 - ((double)Misses / QuestionCount);

    /// <summary>The ranks under a weight.</summary>
    /// <param name="weight">Of the second score; 0 for none of it, <see cref="double.PositiveInfinity"/> for nothing else.</param>
    /// <returns>Ranks in the order of the triples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not a number.</exception>
    public IReadOnlyList<TripleRanks> Ranks(double weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        return double.IsNaN(weight)
            ? throw new ArgumentOutOfRangeException(nameof(weight), weight, "A weight must be a number.")
            :
            [
                .. _triples.Select((triple, i) => new TripleRanks(triple, _heads[i].RankBy(weight), _tails[i].RankBy(weight))),
            ];
    }

    /// <summary>The figures of link prediction under a weight.</summary>
    /// <param name="weight">Of the second score; 0 for none of it, <see cref="double.PositiveInfinity"/> for nothing else.</param>
    /// <param name="hitsAt">The k of Hits@k; null for 1, 3, 5 and 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not a number.</exception>
    public LinkPredictionMetrics Metrics(double weight, IReadOnlyList<int>? hitsAt = null) => EntityRanking.Metrics(
        Ranks(weight), relation => _graph.Relations[relation], hitsAt, new KnownTriples(_graph, GraphSplit.Train));

    /// <summary>The weight with the best mean reciprocal rank on these triples; of equals the smallest.</summary>
    /// <remarks>Call it on validation triples: figures on the triples that a weight was chosen by are too good.</remarks>
    /// <param name="weights">The weights that are tried; null for <see cref="DefaultWeights"/>.</param>
    /// <exception cref="ArgumentException">There is no weight.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not a number.</exception>
    public double ChooseWeight(IReadOnlyList<double>? weights = null)
    {
        double[] tried = [.. (weights ?? DefaultWeights).Order()];
        return tried.Length == 0
            ? throw new ArgumentException("There is no weight to choose from.", nameof(weights))
            : tried.MaxBy(weight => EntityRanking.MeanReciprocalRank(Ranks(weight)));
    }
}

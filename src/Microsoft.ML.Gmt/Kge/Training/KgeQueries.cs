using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>All questions of an epoch: for each triple one for its tail and one for its head, or each distinct one with all its answers.
/// </summary>
internal sealed class KgeQueries
{
    private readonly KgeQuery[] _queries;
    private readonly int[] _answers;

    private KgeQueries(KgeQuery[] queries, int[] answers) => (_queries, _answers) = (queries, answers);

    /// <summary>How many there are.</summary>
    public int Count => _queries.Length;

    /// <summary>A question.</summary>
    public KgeQuery this[int index] => _queries[index];

    /// <summary>The true answers of a question.</summary>
    public ReadOnlySpan<int> AnswersOf(KgeQuery query) => _answers.AsSpan(query.FirstAnswer, query.AnswerCount);

    /// <summary>Questions with one answer each: two for each triple.</summary>
    /// <param name="triples">True triples.</param>
    /// <param name="relations">Relations of the graph.</param>
    /// <param name="isReciprocal">Whether heads are asked for by relations of their own.</param>
    public static KgeQueries OfTriples(ReadOnlySpan<Triple> triples, int relations, bool isReciprocal)
    {
        var queries = new KgeQuery[2 * triples.Length];
        int[] answers = new int[queries.Length];
        for (int i = 0; i < triples.Length; i++)
        {
            (int head, int relation, int tail) = triples[i];
            queries[2 * i] = new KgeQuery(head, relation, false, 2 * i, 1);
            queries[(2 * i) + 1] = new KgeQuery(tail, isReciprocal ? relation + relations : relation, !isReciprocal, (2 * i) + 1, 1);
            (answers[2 * i], answers[(2 * i) + 1]) = (tail, head);
        }

        return new KgeQueries(queries, answers);
    }

    /// <summary>The distinct questions with all their answers, each answer once.</summary>
    /// <inheritdoc cref="OfTriples"/>
    public static KgeQueries OfDistinct(ReadOnlySpan<Triple> triples, int relations, bool isReciprocal)
    {
        KgeQueries all = OfTriples(triples, relations, isReciprocal);
        (KgeQuery Query, int Answer)[] pairs =
        [
            .. all._queries.Select(query => (query with { FirstAnswer = 0 }, all._answers[query.FirstAnswer])).Distinct()
                .OrderBy(pair => pair.Item1.AsksForHead).ThenBy(pair => pair.Item1.Relation).ThenBy(pair => pair.Item1.Given)
                .ThenBy(pair => pair.Item2),
        ];
        List<KgeQuery> queries = [];
        for (int i = 0; i < pairs.Length; i++)
        {
            if (i > 0 && pairs[i].Query == pairs[i - 1].Query)
            {
                queries[^1] = queries[^1] with { AnswerCount = queries[^1].AnswerCount + 1 };
            }
            else
            {
                queries.Add(pairs[i].Query with { FirstAnswer = i });
            }
        }

        return new KgeQueries([.. queries], Array.ConvertAll(pairs, pair => pair.Answer));
    }

    /// <summary>How many questions an epoch has.</summary>
    /// <inheritdoc cref="OfTriples"/>
    public static long CountOf(KgeLoss loss, ReadOnlySpan<Triple> triples)
    {
        if (loss != KgeLoss.KvsAll)
        {
            return 2L * triples.Length;
        }

        HashSet<(int, int)> tails = [], heads = [];
        foreach (Triple triple in triples)
        {
            tails.Add((triple.Head, triple.Relation));
            heads.Add((triple.Tail, triple.Relation));
        }

        return (long)tails.Count + heads.Count;
    }
}

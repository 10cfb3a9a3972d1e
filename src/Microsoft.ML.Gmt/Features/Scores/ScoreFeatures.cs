using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// What a model's scores of all entities say of the triple, from either side: twelve slots. Triples that ask the same question share its
/// scores.
/// </summary>
/// <remarks>
/// With s the scores of all entities as tails of (h, r), K the known answers but the triple's own and those hidden, and C all others: the
/// rivals of the triple are C. Known answers are training triples, whatever else is known to be true. A part that was fitted without a
/// fold has not seen all of K; the mass of K is taken to be that of what it saw of it, in proportion.
/// </remarks>
internal sealed class ScoreFeatures
{
    /// <summary>How many slots a scorer has.</summary>
    public const int Count = 2 * PerSide;

    private const int PerSide = 6;

    // Of one call: 32 MB.
    private const int ScoresPerCall = 1 << 23;
    private const int MostQueries = 256;

    private readonly SignedEdges _edges;
    private readonly FoldedScorer _scorer;

    public ScoreFeatures(SignedEdges edges, FoldedScorer scorer) => (_edges, _scorer) = (edges, scorer);

    /// <summary>The slots of a scorer.</summary>
    /// <param name="name">What they begin with.</param>
    public static IReadOnlyList<FeatureSlot> Layout(string name) =>
    [
        .. from side in new[] { ("Tail", "tail", "tails of (h, r)"), ("Head", "head", "heads of (r, t)") }
           from slot in new (string Name, string Meaning)[]
           {
               ("Logit", $"The model's score of the {side.Item2} among all {side.Item3}."),
               ("LogSoftmax", "The same as a logarithm of a probability: log-softmax over all entities."),
               ("FilteredLogSoftmax", "Log-softmax over the entities that are no other known answer."),
               ("LogRank", "ln(1 + rivals of a higher score + half of those with an equal one); known answers are no rivals."),
               ("Gap", "Score less that of the best rival; 0 without rivals."),
               ("KnownMass", "Probability mass that the model's softmax gives to the other known answers."),
           }
           select new FeatureSlot($"{name}.{side.Item1}.{slot.Name}", slot.Meaning),
    ];

    /// <summary>Computes the slots of triples.</summary>
    /// <param name="queries">The triples, and what is hidden beside each.</param>
    /// <param name="values">Room for rows of a stride; slots begin at an offset.</param>
    /// <param name="stride">The width of a row.</param>
    /// <param name="offset">Where in a row they begin.</param>
    /// <returns>
    /// How many rows have no scores, and NaN in these slots: triples that the model was, or may have been, fitted on.
    /// </returns>
    /// <exception cref="NotFiniteNumberException">A score is not finite.</exception>
    public int Compute(ReadOnlySpan<TripleQuery> queries, Span<float> values, int stride, int offset)
    {
        var asked = new Dictionary<(ITripleScorer Scorer, QueryMask Mask, bool Tails, Triple Query), List<int>>();
        int without = 0;
        for (int row = 0; row < queries.Length; row++)
        {
            var edges = new MaskedEdges(_edges, queries[row]);
            if (_scorer.Choose(queries[row].Triple, edges.HiddenCount == 0 ? null : edges.Hidden(0)) is not var (scorer, mask))
            {
                values.Slice((row * stride) + offset, Count).Fill(float.NaN);
                without++;
                continue;
            }

            foreach (bool tails in new[] { true, false })
            {
                var key = (scorer, mask, tails, Query(queries[row].Triple, edges, tails));
                if (!asked.TryGetValue(key, out List<int>? rows))
                {
                    asked.Add(key, rows = []);
                }

                rows.Add(row);
            }
        }

        foreach (var call in asked.GroupBy(pair => (pair.Key.Scorer, pair.Key.Mask, pair.Key.Tails)))
        {
            (Triple Query, List<int> Rows)[] all = [.. call.Select(pair => (pair.Key.Query, pair.Value))];
            int most = Math.Clamp(ScoresPerCall / Math.Max(1, _edges.EntityCount), 1, MostQueries);
            foreach ((Triple Query, List<int> Rows)[] part in all.Chunk(most))
            {
                Compute(call.Key.Scorer, call.Key.Mask, call.Key.Tails, part, queries, values, stride, offset);
            }
        }

        return without;
    }

    /// <summary>
    /// What is asked of the model: the answer that its mask is about, where one of the question's own answers is hidden, else no answer in
    /// particular.
    /// </summary>
    private static Triple Query(Triple triple, MaskedEdges edges, bool tails)
    {
        for (int i = 0; i < edges.HiddenCount; i++)
        {
            Triple hidden = edges.Hidden(i);
            if (tails ? hidden.Head == triple.Head : hidden.Tail == triple.Tail)
            {
                return hidden;
            }
        }

        return tails ? triple with { Tail = triple.Head } : triple with { Head = triple.Tail };
    }

    private void Compute(
        ITripleScorer scorer, QueryMask mask, bool tails, (Triple Query, List<int> Rows)[] asked, ReadOnlySpan<TripleQuery> queries,
        Span<float> values, int stride, int offset)
    {
        Triple[] questions = Array.ConvertAll(asked, question => question.Query);
        float[] scores = new float[questions.Length * _edges.EntityCount];   // [questions, entities]
        if (tails)
        {
            scorer.ScoreTails(questions, mask, scores);
        }
        else
        {
            scorer.ScoreHeads(questions, mask, scores);
        }

        ScorerArguments.CheckScores(scorer.Graph, scores, questions);
        float[] scratch = new float[_edges.EntityCount];
        for (int i = 0; i < asked.Length; i++)
        {
            ReadOnlySpan<float> own = scores.AsSpan(i * _edges.EntityCount, _edges.EntityCount);
            foreach (int row in asked[i].Rows)
            {
                var query = new FeatureQuery(_edges, queries[row]);
                FeatureSide side = tails ? query.Head : query.Tail;
                (int[] known, int seen) = KnownAnswers(scorer, query.Edges, side);
                var answer = new AnswerScores(own, known, seen, side.Other, scratch);
                answer.CopyTo(values.Slice((row * stride) + offset + (tails ? 0 : PerSide), PerSide));
            }
        }
    }

    /// <summary>
    /// The other known answers, without hidden ones; at first those that the scorer was fitted on, and how many these are.
    /// </summary>
    private (int[] Known, int Seen) KnownAnswers(ITripleScorer scorer, MaskedEdges edges, FeatureSide side)
    {
        List<int> seen = [], unseen = [];
        foreach (int answer in _edges.Neighbors(side.Entity, side.Signed))
        {
            if (answer != side.Other && !edges.Hides(side.Entity, side.Signed, answer))
            {
                int relation = side.Signed >> 1;
                var triple = (side.Signed & 1) == 0 ? new Triple(side.Entity, relation, answer) : new Triple(answer, relation, side.Entity);
                (_scorer.Saw(scorer, triple) ? seen : unseen).Add(answer);
            }
        }

        return ([.. seen, .. unseen], seen.Count);
    }
}

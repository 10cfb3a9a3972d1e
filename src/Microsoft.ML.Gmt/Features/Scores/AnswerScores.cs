namespace Microsoft.ML.Gmt.Features;

/// <summary>What the scores of all entities say of one answer.</summary>
internal readonly struct AnswerScores
{
    private readonly float _score;
    private readonly double _logSoftmax;
    private readonly double _filtered;
    private readonly double _logRank;
    private readonly float _gap;
    private readonly double _knownMass;

    /// <param name="scores">[entities].</param>
    /// <param name="known">The other known answers, each once.</param>
    /// <param name="seen">
    /// How many of them, the first ones, the model was fitted on: they stand for all, where there are any.
    /// </param>
    /// <param name="answer">The answer.</param>
    public AnswerScores(ReadOnlySpan<float> scores, ReadOnlySpan<int> known, int seen, int answer)
    {
        _score = scores[answer];
        float highest = System.Numerics.Tensors.TensorPrimitives.Max(scores);
        (double ofKnown, double ofOthers, int higher, int equal, float best) = (0, 0, 0, -1, float.NegativeInfinity);
        int[] sorted = [.. known];
        Array.Sort(sorted);
        int next = 0;
        for (int entity = 0; entity < scores.Length; entity++)
        {
            if (next < sorted.Length && sorted[next] == entity)
            {
                next++;
                continue;
            }

            float score = scores[entity];
            ofOthers += Math.Exp((double)score - highest);
            higher += score > _score ? 1 : 0;
            equal += score == _score ? 1 : 0;
            best = entity != answer && score > best ? score : best;
        }

        foreach (int other in seen > 0 ? known[..seen] : known)
        {
            ofKnown += Math.Exp((double)scores[other] - highest);
        }

        ofKnown *= seen > 0 ? (double)known.Length / seen : 1;

        // Sums that vanish beside the highest score count as the least number there is.
        double own = (double)_score - highest;
        _logSoftmax = own - Math.Log(ofKnown + ofOthers);
        _filtered = own - Math.Log(Math.Max(ofOthers, double.Epsilon));
        _logRank = Math.Log(1 + higher + (equal / 2.0));
        _gap = float.IsNegativeInfinity(best) ? 0 : _score - best;
        _knownMass = ofKnown / (ofKnown + ofOthers);
    }

    /// <summary>Logit, log-softmax, log-softmax without known answers, log rank, gap, mass on known answers.</summary>
    public void CopyTo(Span<float> values)
    {
        values[0] = _score;
        values[1] = (float)_logSoftmax;
        values[2] = (float)_filtered;
        values[3] = (float)_logRank;
        values[4] = _gap;
        values[5] = (float)_knownMass;
    }
}

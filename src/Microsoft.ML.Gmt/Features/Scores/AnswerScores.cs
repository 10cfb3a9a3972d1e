using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

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
    /// <param name="scratch">Room for [entities].</param>
    public AnswerScores(ReadOnlySpan<float> scores, ReadOnlySpan<int> known, int seen, int answer, float[] scratch)
    {
        _score = scores[answer];
        float highest = TensorPrimitives.Max(scores);
        Span<float> rivals = scratch.AsSpan(0, scores.Length);
        scores.CopyTo(rivals);
        double ofKnown = 0;
        for (int i = 0; i < known.Length; i++)
        {
            ofKnown += seen == 0 || i < seen ? Math.Exp((double)scores[known[i]] - highest) : 0;
            rivals[known[i]] = float.NegativeInfinity;
        }

        ofKnown *= seen > 0 ? (double)known.Length / seen : 1;
        (int higher, int equal) = Count(rivals, _score);
        rivals[answer] = float.NegativeInfinity;
        float best = TensorPrimitives.Max<float>(rivals);
        double own = (double)_score - highest;
        TensorPrimitives.Subtract(rivals, highest, rivals);
        TensorPrimitives.Exp<float>(rivals, rivals);
        double ofOthers = TensorPrimitives.Sum<float>(rivals) + Math.Exp(own);

        // Sums that vanish beside the highest score count as the least number there is.
        _logSoftmax = own - Math.Log(ofKnown + ofOthers);
        _filtered = own - Math.Log(Math.Max(ofOthers, double.Epsilon));
        _logRank = Math.Log(1 + higher + ((equal - 1) / 2.0));
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

    /// <summary>How many values are above one, and how many equal it.</summary>
    private static (int Higher, int Equal) Count(ReadOnlySpan<float> values, float value)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<int> above = Vector<int>.Zero, same = Vector<int>.Zero;
        var sought = new Vector<float>(value);
        foreach (Vector<float> vector in vectors)
        {
            above -= Vector.GreaterThan(vector, sought);   // all bits set are -1
            same -= Vector.Equals(vector, sought);
        }

        (int higher, int equal) = (Vector.Sum(above), Vector.Sum(same));
        foreach (float rest in values[(vectors.Length * Vector<float>.Count)..])
        {
            higher += rest > value ? 1 : 0;
            equal += rest == value ? 1 : 0;
        }

        return (higher, equal);
    }
}

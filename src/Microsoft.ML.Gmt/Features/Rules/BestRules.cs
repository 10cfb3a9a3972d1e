namespace Microsoft.ML.Gmt.Features;

/// <summary>Gathers rules that fire for a triple: the most confident ones, and all together.</summary>
/// <param name="most">How many of the best are kept, at most 3.</param>
internal struct BestRules(int most)
{
    private float _first;
    private float _second;
    private float _third;
    private double _noneHolds = 1;

    /// <summary>How many rules have support.</summary>
    public int Count { get; private set; }

    /// <summary>The support of the most confident rule; of equal ones the largest.</summary>
    public long Support { get; private set; }

    /// <summary>1 − Π (1 − confidence).</summary>
    public readonly float NoisyOr => (float)(1 - _noneHolds);

    /// <summary>The confidence of the rule of a rank, from 0; 0 where there is none.</summary>
    public readonly float this[int rank] => rank >= most ? 0 : rank switch { 0 => _first, 1 => _second, _ => _third };

    /// <summary>Adds a rule and gives its confidence.</summary>
    public float Add(long support, long body)
    {
        if (support == 0)
        {
            return 0;
        }

        float confidence = Ratio.Confidence(support, body);
        Count++;
        _noneHolds *= 1 - confidence;
        if (confidence > _first || (confidence == _first && support > Support))
        {
            Support = support;
        }

        (_first, _second, _third) = confidence > _first ? (confidence, _first, _second)
            : confidence > _second ? (_first, confidence, _second)
            : (_first, _second, Math.Max(confidence, _third));
        return confidence;
    }
}

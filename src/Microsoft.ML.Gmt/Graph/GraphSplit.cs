namespace Microsoft.ML.Gmt.Graph;

/// <summary>The parts that the triples of a benchmark are divided into.</summary>
public enum GraphSplit
{
    /// <summary>Triples to learn from: the only ones that become edges, hence the only evidence.</summary>
    Train,

    /// <summary>Triples to choose options, thresholds and epochs by.</summary>
    Validation,

    /// <summary>Triples to report figures on, once.</summary>
    Test,
}

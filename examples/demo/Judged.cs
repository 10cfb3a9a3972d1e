namespace Examples.Demo;

/// <summary>A labeled triple and what a model made of it.</summary>
internal sealed class Judged
{
    public string Head { get; set; } = "";

    public string Relation { get; set; } = "";

    public string Tail { get; set; } = "";

    public bool Label { get; set; }

    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }

    public float Score { get; set; }

    public bool IsRight => PredictedLabel == Label;

    /// <summary>How sure the verdict is, from 0.5 to 1.</summary>
    public double Certainty => Math.Max(Probability, 1 - Probability);
}

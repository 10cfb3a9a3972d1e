namespace Examples.Demo;

/// <summary>A test triple and what a model made of it.</summary>
internal sealed class Judged
{
    public string Head { get; set; } = "";

    public string Relation { get; set; } = "";

    public string Tail { get; set; } = "";

    public bool Label { get; set; }

    public bool PredictedLabel { get; set; }

    public float Probability { get; set; }

    public float Score { get; set; }
}

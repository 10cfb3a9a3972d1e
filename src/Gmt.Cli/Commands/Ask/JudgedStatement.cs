using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>A labeled triple and what a model makes of it, in the columns of ML.NET's evaluator.</summary>
internal sealed class JudgedStatement
{
    /// <summary>Name of the relation.</summary>
    public string Relation { get; set; } = "";

    /// <summary>Whether the graph knows its names; else there is no verdict, and no figure counts it.</summary>
    public bool Known { get; set; } = true;

    /// <summary>Whether it is true.</summary>
    public bool Label { get; set; }

    /// <summary>Whether the model says so.</summary>
    public bool PredictedLabel { get; set; }

    /// <summary>Log-odds, or the graph module's score.</summary>
    public float Score { get; set; }

    /// <summary>What log-odds were made of, to choose thresholds by; null where the score itself is.</summary>
    [ML.Data.NoColumn]
    public double? OwnScore { get; set; }

    /// <summary>Probability of being true.</summary>
    public float Probability { get; set; }

    /// <summary>The statement for those who choose thresholds.</summary>
    [ML.Data.NoColumn]
    public ScoredStatement Scored => new(Relation, OwnScore ?? Score, Label);
}

namespace Microsoft.ML.Gmt.Memory;

/// <summary>How likely a model finds that a statement is true, and that it is false.</summary>
/// <param name="LogTrue">Natural logarithm of P(true answer | prompt, memory).</param>
/// <param name="LogFalse">Natural logarithm of P(false answer | prompt, memory).</param>
public readonly record struct Verdict(double LogTrue, double LogFalse)
{
    /// <summary>Log-odds, log P(true) − log P(false): above 0 where the statement is held true.</summary>
    public double Score => LogTrue - LogFalse;

    /// <summary>P(true) / (P(true) + P(false)).</summary>
    public double Probability => 1 / (1 + Math.Exp(-Score));

    /// <summary>Whether true is the likelier answer.</summary>
    public bool IsTrue => Score > 0;
}

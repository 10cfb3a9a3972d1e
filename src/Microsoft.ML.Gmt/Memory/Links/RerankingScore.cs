namespace Microsoft.ML.Gmt.Memory;

/// <summary>What a language model says of the candidates of a question.</summary>
public enum RerankingScore
{
    /// <summary>
    /// How likely it is to answer the question with a candidate's name, log P(name | question): the question is computed once, and names
    /// that begin alike share their beginnings. Teach the model such answers by <c>graph.ToLinkQuestions()</c>.
    /// </summary>
    Answer,

    /// <summary>Its verdict on each candidate's triple, log P(true) − log P(false): a prompt and evidence for each.</summary>
    Verdict,
}

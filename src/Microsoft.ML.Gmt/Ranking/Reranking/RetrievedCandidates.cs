namespace Microsoft.ML.Gmt.Ranking;

/// <summary>The entities that a model puts first for a question.</summary>
/// <param name="Entities">Their ids, best first; of equal scores the smaller id.</param>
/// <param name="Scores">The model's score of each.</param>
/// <param name="AnswerPlace">Where the true answer is among them; -1 where it is missing.</param>
internal readonly record struct RetrievedCandidates(int[] Entities, float[] Scores, int AnswerPlace);

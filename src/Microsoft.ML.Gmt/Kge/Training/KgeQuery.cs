namespace Microsoft.ML.Gmt.Kge;

/// <summary>A question of training: what it gives and what is true.</summary>
/// <param name="Given">The entity that is given.</param>
/// <param name="Relation">The row of the relation matrix.</param>
/// <param name="AsksForHead">Whether the head is asked for against the direction of the relation's row: never with reciprocal ones.</param>
/// <param name="FirstAnswer">Where its answers begin in the list of all.</param>
/// <param name="AnswerCount">How many it has.</param>
internal readonly record struct KgeQuery(int Given, int Relation, bool AsksForHead, int FirstAnswer, int AnswerCount);

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A question of training.</summary>
/// <param name="Source">The entity that is given.</param>
/// <param name="Label">The relation for (e, r, ?), the relation + R for (?, r, e).</param>
/// <param name="Answers">Those of the true answers that are asked for.</param>
/// <param name="Known">All true answers, which stand for nothing false.</param>
/// <param name="Removed">Edges that state the answers asked for, ascending: they send nothing.</param>
internal sealed record PathTrainingQuery(int Source, int Label, int[] Answers, int[] Known, int[] Removed);

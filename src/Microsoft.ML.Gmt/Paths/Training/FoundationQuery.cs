namespace Microsoft.ML.Gmt.Paths;

/// <summary>What a foundation model is asked in training: how all entities look from one of them.</summary>
/// <param name="Source">The entity that is given.</param>
/// <param name="Label">The relation for (e, r, ?), the relation + R for (?, r, e).</param>
/// <param name="Removed">Indices of entity edges that send nothing in this query, in ascending order.</param>
internal readonly record struct FoundationQuery(int Source, int Label, int[] Removed);

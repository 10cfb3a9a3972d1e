namespace Microsoft.ML.Gmt.Paths;

/// <summary>What a path network is asked: how all nodes look from one of them.</summary>
/// <param name="Source">The node that the query starts from.</param>
/// <param name="Vector">z, the start state of the source (B and X₀ are 0 elsewhere) and what the readout sees of the query: [d].</param>
/// <param name="Removed">Indices of edges that send nothing in this query, in ascending order; none for most queries.</param>
internal readonly record struct PathQuery(int Source, ReadOnlyMemory<float> Vector, ReadOnlyMemory<int> Removed);

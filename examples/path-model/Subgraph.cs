using Microsoft.ML.Gmt.Graph;

namespace Examples.PathModel;

/// <summary>
/// A part of a graph with entities and relations numbered anew, and facts that are asked for because it does not state them.
/// </summary>
/// <param name="EntityCount">How many entities it has; each is an end of a fact.</param>
/// <param name="RelationCount">How many relations it has; each has a fact.</param>
/// <param name="Facts">The triples that are its edges.</param>
/// <param name="HeldOut">True triples of the same entities and relations that are no edges.</param>
internal sealed record Subgraph(int EntityCount, int RelationCount, Triple[] Facts, Triple[] HeldOut);

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A labeled edge that messages run along.</summary>
/// <param name="Receiver">The node that a message comes to.</param>
/// <param name="Sender">The node that it comes from.</param>
/// <param name="Label">What kind of edge it is.</param>
internal readonly record struct MessageEdge(int Receiver, int Sender, int Label);

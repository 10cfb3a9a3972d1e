namespace Microsoft.ML.Gmt.Paths;

/// <summary>What all queries of one relation share, tails and heads alike.</summary>
/// <param name="representations">Z, how all labels look from the relation: [2R, d].</param>
/// <param name="network">The entity network under these representations.</param>
internal sealed class ConditionedRelation(float[] representations, IPathNetwork network) : IDisposable
{
    /// <summary>The entity network.</summary>
    public IPathNetwork Network { get; } = network;

    /// <summary>About how many bytes it holds.</summary>
    public long ByteCount => Network.ByteCount + (representations.Length * sizeof(float));

    /// <summary>z, the vector of queries over a label.</summary>
    /// <param name="label">The relation for (e, r, ?), the relation + R for (?, r, e).</param>
    /// <param name="width">d.</param>
    public ReadOnlyMemory<float> Vector(int label, int width) => representations.AsMemory(label * width, width);

    /// <summary>Frees the network.</summary>
    public void Dispose() => Network.Dispose();
}

namespace Microsoft.ML.Gmt.Paths;

/// <summary>What a path model makes of the queries of one key over its graph. Any number of threads may ask at once.</summary>
internal interface IPathConditions : IDisposable
{
    /// <summary>The vectors of queries by label, [2R, d], and the layers with their label vectors.</summary>
    /// <param name="key">See <see cref="PathModel.KeyOf"/>.</param>
    public (float[] Vectors, PathLayer[] Layers) Of(int key);
}

using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;

namespace Microsoft.ML.Gmt.Training;

/// <summary>A part of each step for each rank; gradients are averaged over ranks, all in one buffer, summed in one go.</summary>
/// <param name="ranks">The ranks.</param>
internal sealed class RankAverage(ICollective ranks) : IGradientAverage
{
    private float[] _buffer = [];

    /// <inheritdoc/>
    public int Parts => ranks.Size;

    /// <inheritdoc/>
    public IReadOnlyList<int> OwnParts { get; } = [ranks.Rank];

    /// <inheritdoc/>
    public double Learn(IReadOnlyList<Parameter> parameters, Func<int, PartLoss> learn)
    {
        PartLoss own = learn(ranks.Rank);
        var packed = new PackedGradients(parameters);
        if (_buffer.Length != packed.Length)
        {
            _buffer = new float[packed.Length];
        }

        packed.Pack(own, _buffer);
        ranks.AllReduce(_buffer);
        return packed.Unpack(_buffer);
    }
}

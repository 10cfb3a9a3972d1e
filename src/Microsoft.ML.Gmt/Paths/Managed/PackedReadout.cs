using System.Numerics.Tensors;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A <see cref="PathReadout"/> as the managed kernel reads it.</summary>
internal sealed class PackedReadout
{
    private readonly float[] _ofQuery;   // the columns of M₁ that meet z: [h, d]
    private readonly float[] _bias;
    private readonly int _width;

    public PackedReadout(PathReadout readout, int width)
    {
        int hidden = readout.HiddenWidth;
        float[] ofState = new float[hidden * width];
        _ofQuery = new float[hidden * width];
        for (int row = 0; row < hidden; row++)
        {
            readout.Hidden.AsSpan(row * 2 * width, width).CopyTo(ofState.AsSpan(row * width));
            readout.Hidden.AsSpan((row * 2 * width) + width, width).CopyTo(_ofQuery.AsSpan(row * width));
        }

        (_bias, _width, HiddenWidth, OutputBias) = (readout.HiddenBias, width, hidden, readout.OutputBias);
        (State, Output) = (AlignedFloats.Transpose(ofState, width), new AlignedFloats(readout.Output));
    }

    /// <summary>h.</summary>
    public int HiddenWidth { get; }

    /// <summary>The columns of M₁ that meet the state, transposed: [d, h].</summary>
    public AlignedFloats State { get; }

    /// <summary>m₂: [h].</summary>
    public AlignedFloats Output { get; }

    /// <summary>a₂.</summary>
    public float OutputBias { get; }

    /// <summary>What a query adds to the hidden layer of every node: M₁ z + a₁.</summary>
    /// <param name="vector">z: [d].</param>
    /// <param name="bias">Room for it: [h].</param>
    public void BiasOf(ReadOnlySpan<float> vector, Span<float> bias)
    {
        for (int row = 0; row < HiddenWidth; row++)
        {
            bias[row] = _bias[row] + TensorPrimitives.Dot(vector, _ofQuery.AsSpan(row * _width, _width));
        }
    }
}

using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// The evidence of a batch as one rectangle of distinct states. A state that several edges of a row have stands there once, with the
/// logarithm of their number as a bias: to the softmax that is the same as standing there so many times.
/// </summary>
internal sealed class EvidenceLayout
{
    // Finite, so that a row without evidence stays finite as well; its weight is exactly zero beside any real score.
    private const float Absent = -1e30f;

    private EvidenceLayout(Tensor places, Tensor bias, Tensor present) => (Places, Bias, Present) = (places, bias, present);

    /// <summary>
    /// The state at each place, an index into <see cref="TripleEvidence.States"/>: [batch · longest] int64; 0 at padding.
    /// </summary>
    public Tensor Places { get; }

    /// <summary>
    /// Added to attention scores: log of the number of edges, far below everything at padding. [batch, 1, 1, longest] fp32.
    /// </summary>
    public Tensor Bias { get; }

    /// <summary>1 for rows with evidence, 0 for the others: [batch, 1, 1] fp32.</summary>
    public Tensor Present { get; }

    /// <summary>Lays out a batch in which at least one row has evidence; tensors belong to the caller's dispose scope.</summary>
    public static EvidenceLayout Of(TripleEvidence evidence, Device device)
    {
        (int State, int Count)[][] rows = [.. evidence.Rows.Select(row => row.DistinctStates().ToArray())];
        int longest = rows.Max(row => row.Length);
        long[] places = new long[rows.Length * longest];
        float[] bias = new float[places.Length];
        Array.Fill(bias, Absent);
        for (int row = 0; row < rows.Length; row++)
        {
            for (int place = 0; place < rows[row].Length; place++)
            {
                (places[(row * longest) + place], int count) = rows[row][place];
                bias[(row * longest) + place] = MathF.Log(count);
            }
        }

        float[] present = [.. rows.Select(row => row.Length > 0 ? 1f : 0f)];
        return new EvidenceLayout(
            tensor(places, device: device), tensor(bias, [rows.Length, 1, 1, longest], device: device),
            tensor(present, [rows.Length, 1, 1], device: device));
    }
}

using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// Twelve parts of each step, whatever the number of ranks, whose gradients are added in one order: so each step has the same bits in one
/// rank and in several.
/// </summary>
/// <remarks>
/// Each rank computes a stretch of the parts, and sends the sums of its branches of <see cref="PartTree"/> to rank 0, at most two for up to
/// four ranks; rank 0 adds them and sends the sum to all.
/// </remarks>
internal sealed class FixedPartAverage : IGradientAverage
{
    private readonly ICollective _ranks;
    private readonly PartTree[][] _branches; // of each rank
    private readonly Stack<float[]> _free = [];

    /// <param name="ranks">The ranks.</param>
    /// <exception cref="ArgumentException">There are more than parts.</exception>
    public FixedPartAverage(ICollective ranks)
    {
        if (ranks.Size > PartTree.Parts)
        {
            throw new ArgumentException(
                $"A reproducible step is computed in {PartTree.Parts} parts, so that {ranks.Size} processes cannot share it: start at most "
                + $"{PartTree.Parts}.",
                nameof(ranks));
        }

        _ranks = ranks;
        RowShare[] stretches = [.. Enumerable.Range(0, ranks.Size).Select(rank => RowShare.Of(rank, ranks.Size, PartTree.Parts))];
        _branches = Array.ConvertAll(stretches, parts => PartTree.Root.Within(parts.First, parts.End).ToArray());
        OwnParts = [.. Enumerable.Range(stretches[ranks.Rank].First, stretches[ranks.Rank].Count)];
    }

    /// <inheritdoc/>
    public int Parts => PartTree.Parts;

    /// <inheritdoc/>
    public IReadOnlyList<int> OwnParts { get; }

    /// <inheritdoc/>
    public double Learn(IReadOnlyList<Parameter> parameters, Func<int, PartLoss> learn)
    {
        var packed = new PackedGradients(parameters);
        Tensor?[] before = [.. parameters.Select(parameter => parameter.grad?.clone())];
        float[] all = Together([.. _branches[_ranks.Rank].Select(branch => Sum(branch, OfPart))], packed.Length);
        double loss = packed.Unpack(all);
        _free.Push(all);
        return loss;

        float[]? OfPart(PartTree branch)
        {
            if (branch.Left is not null)
            {
                return null;
            }

            for (int i = 0; i < parameters.Count; i++)
            {
                parameters[i].grad = before[i]?.clone();
            }

            float[] row = NewRow(packed.Length);
            packed.Pack(learn(branch.First), row);
            return row;
        }
    }

    /// <summary>The sum of a branch, from the branches within it whose sums are known.</summary>
    private float[] Sum(PartTree branch, Func<PartTree, float[]?> known)
    {
        if (known(branch) is { } row)
        {
            return row;
        }

        float[] left = Sum(branch.Left!, known), right = Sum(branch.Right!, known);
        TensorPrimitives.Add(left, right, left);
        _free.Push(right);
        return left;
    }

    /// <summary>The sum of all branches, from those of this rank.</summary>
    private float[] Together(float[][] own, int length)
    {
        if (_ranks.Size == 1)
        {
            return own[0];
        }

        byte[] sent = new byte[checked(own.Length * length * sizeof(float))];
        for (int i = 0; i < own.Length; i++)
        {
            MemoryMarshal.AsBytes<float>(own[i]).CopyTo(sent.AsSpan(i * length * sizeof(float)));
            _free.Push(own[i]);
        }

        IReadOnlyList<byte[]> gathered = _ranks.Gather(sent);
        float[]? sum = _ranks.Rank == 0 ? Sum(PartTree.Root, Received) : null;
        byte[] all = _ranks.Broadcast(MemoryMarshal.AsBytes<float>(sum));
        sum ??= NewRow(length);
        MemoryMarshal.Cast<byte, float>(all).CopyTo(sum);
        return sum;

        float[]? Received(PartTree branch)
        {
            int rank = Array.FindIndex(_branches, branches => Array.IndexOf(branches, branch) >= 0);
            if (rank < 0)
            {
                return null;
            }

            float[] row = NewRow(length);
            int place = Array.IndexOf(_branches[rank], branch);
            MemoryMarshal.Cast<byte, float>(gathered[rank]).Slice(place * length, length).CopyTo(row);
            return row;
        }
    }

    private float[] NewRow(int length) => _free.TryPop(out float[]? free) && free.Length == length ? free : new float[length];
}

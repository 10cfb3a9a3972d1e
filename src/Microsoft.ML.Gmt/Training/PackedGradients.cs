using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Gradients as one row of numbers, which can be sent and added.</summary>
/// <remarks>
/// The row holds every gradient times its weight, in fp32, zeros where one is missing; then for each parameter 1 where it is there; then
/// loss times weight, and weight. After rows are added, the sum is divided by the sum of the weights.
/// </remarks>
/// <param name="parameters">What is trained.</param>
internal sealed class PackedGradients(IReadOnlyList<Parameter> parameters)
{
    private readonly int _numbers = checked((int)parameters.Sum(parameter => parameter.numel()));

    /// <summary>How long a row is.</summary>
    public int Length => checked(_numbers + parameters.Count + 2);

    /// <summary>Writes the gradients of a part, and its loss.</summary>
    /// <param name="loss">The part's.</param>
    /// <param name="row">[<see cref="Length"/>].</param>
    public void Pack(PartLoss loss, Span<float> row)
    {
        using IDisposable inference = no_grad();
        float weight = (float)loss.Weight;
        Span<float> gradients = row[.._numbers], present = row.Slice(_numbers, parameters.Count);
        for (int i = 0; i < parameters.Count; i++)
        {
            using var scope = NewDisposeScope();
            int count = (int)parameters[i].numel();
            Span<float> target = gradients[..count];
            gradients = gradients[count..];
            if (parameters[i].grad is not { } gradient || weight == 0)
            {
                target.Clear();
                present[i] = 0;
                continue;
            }

            Tensor flat = gradient.to(ScalarType.Float32).cpu().mul(weight).contiguous();
            MemoryMarshal.Cast<byte, float>(flat.bytes).CopyTo(target);
            GC.KeepAlive(flat);
            present[i] = 1;
        }

        (row[^2], row[^1]) = (weight == 0 ? 0 : (float)(loss.Mean * weight), weight);
    }

    /// <summary>Gives the parameters the mean of a sum of rows, and returns the mean loss.</summary>
    /// <param name="row">[<see cref="Length"/>].</param>
    public double Unpack(ReadOnlySpan<float> row)
    {
        using IDisposable inference = no_grad();
        ReadOnlySpan<float> gradients = row[.._numbers], present = row.Slice(_numbers, parameters.Count);
        float weight = row[^1];
        for (int i = 0; i < parameters.Count; i++)
        {
            using var scope = NewDisposeScope();
            int count = (int)parameters[i].numel();
            ReadOnlySpan<float> source = gradients[..count];
            gradients = gradients[count..];
            if (present[i] == 0)
            {
                parameters[i].grad = null;
                continue;
            }

            Tensor mean = empty(parameters[i].shape, ScalarType.Float32, CPU);
            source.CopyTo(MemoryMarshal.Cast<byte, float>(mean.bytes));
            GC.KeepAlive(mean);
            Tensor gradient = mean.div_(weight).to(parameters[i].dtype).to(parameters[i].device);
            if (parameters[i].grad is { } own)
            {
                own.copy_(gradient);
            }
            else
            {
                parameters[i].grad = gradient;
            }
        }

        return row[^2] / weight;
    }
}

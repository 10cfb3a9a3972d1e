using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Averages gradients over ranks: all in one buffer, summed in one go.</summary>
/// <remarks>
/// The buffer holds every gradient times the rank's weight, in fp32, zeros where one is missing; then for each parameter 1 where it is
/// there; then loss times weight, and weight. After the sum every rank divides alike.
/// </remarks>
/// <param name="ranks">The ranks.</param>
internal sealed class RankAverage(ICollective ranks) : IGradientAverage
{
    private float[] _buffer = [];

    /// <inheritdoc/>
    public double Average(IReadOnlyList<Parameter> parameters, double loss, double weight)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        long numbers = parameters.Sum(parameter => parameter.numel());
        int length = checked((int)(numbers + parameters.Count + 2));
        if (_buffer.Length != length)
        {
            _buffer = new float[length];
        }

        Span<float> gradients = _buffer.AsSpan(0, (int)numbers), present = _buffer.AsSpan((int)numbers, parameters.Count);
        Pack(parameters, (float)weight, gradients, present);
        (_buffer[^2], _buffer[^1]) = (weight == 0 ? 0 : (float)(loss * weight), (float)weight);
        ranks.AllReduce(_buffer);
        Unpack(parameters, gradients, present, _buffer[^1]);
        return _buffer[^2] / _buffer[^1];
    }

    private static void Pack(IReadOnlyList<Parameter> parameters, float weight, Span<float> gradients, Span<float> present)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            int count = (int)parameters[i].numel();
            Span<float> target = gradients[..count];
            gradients = gradients[count..];
            if (parameters[i].grad is not { } gradient || weight == 0)
            {
                target.Clear();
                present[i] = 0;
                continue;
            }

            using Tensor flat = gradient.to(ScalarType.Float32).cpu().mul(weight).contiguous();
            MemoryMarshal.Cast<byte, float>(flat.bytes).CopyTo(target);
            GC.KeepAlive(flat);
            present[i] = 1;
        }
    }

    private static void Unpack(IReadOnlyList<Parameter> parameters, Span<float> gradients, Span<float> present, float weight)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            int count = (int)parameters[i].numel();
            Span<float> source = gradients[..count];
            gradients = gradients[count..];
            if (present[i] == 0)
            {
                parameters[i].grad = null;
                continue;
            }

            using Tensor mean = empty(parameters[i].shape, ScalarType.Float32, CPU);
            source.CopyTo(MemoryMarshal.Cast<byte, float>(mean.bytes));
            GC.KeepAlive(mean);
            using Tensor gradient = mean.div_(weight).to(parameters[i].dtype).to(parameters[i].device);
            if (parameters[i].grad is { } own)
            {
                own.copy_(gradient);
            }
            else
            {
                parameters[i].grad = gradient;
            }
        }
    }
}

using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Paths;

/// <summary>The product of a path model's layer for all nodes: [nodes, 2 d] · [2 d, d], into memory that is used again.</summary>
/// <param name="nodes">How many nodes there are.</param>
/// <param name="width">d.</param>
internal sealed class LayerProducts(int nodes, int width)
{
    private const double LeastFlops = 20e9;

    private readonly Tensor _rows = randn(nodes, 2 * width), _weights = randn(2 * width, width), _results = empty(nodes, width);

    private int Repeats => Math.Max(1, (int)(LeastFlops / (4.0 * nodes * width * width)));

    /// <summary>Floating-point operations of a run.</summary>
    public double Flops => 4.0 * nodes * width * width * Repeats;

    /// <summary>Multiplies some times.</summary>
    public void Run()
    {
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < Repeats; i++)
        {
            AtenDispatcher.Call("aten::mm", "out", _rows, _weights, _results);
        }
    }
}

using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// Compresses the evidence of a triple, any number of edge states, into a fixed number of memory tokens: learned queries attend to the states
/// (arXiv 2510.08966).
/// </summary>
public sealed class GraphMemoryTokenizer : nn.Module
{
    private const double InitialSpread = 0.02;

    [ComponentName(Name = "memory_queries")]
    private readonly Parameter _queries;

    [ComponentName(Name = "attn")]
    private readonly EvidenceAttention _attention;

    internal GraphMemoryTokenizer(int tokens, int width, int heads, Generator generator) : base(nameof(GraphMemoryTokenizer))
    {
        _queries = new Parameter(empty(tokens, width).normal_(0, InitialSpread, generator));
        _attention = new EvidenceAttention(width, heads, generator);
        RegisterComponents();
    }

    /// <summary>The learned queries, [memory, d].</summary>
    public Parameter Queries => _queries;

    /// <summary>The attention to the edge states.</summary>
    public EvidenceAttention Attention => _attention;

    /// <param name="states">The batch's distinct edge states, [states, d].</param>
    /// <param name="layout">Which row has which.</param>
    /// <returns>[batch, memory, d]; zeros in rows without evidence.</returns>
    internal Tensor Compress(Tensor states, EvidenceLayout layout)
    {
        using var scope = NewDisposeScope();
        return _attention.Attend(_queries, states, layout).mul(layout.Present).MoveToOuterDisposeScope();
    }
}

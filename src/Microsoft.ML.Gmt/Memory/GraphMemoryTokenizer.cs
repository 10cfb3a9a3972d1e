using Microsoft.ML.Gmt.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// Compresses the evidence of a triple, any number of edge states, into a fixed number of memory tokens: learned queries attend to the
/// states (arXiv 2510.08966).
/// </summary>
internal sealed class GraphMemoryTokenizer : nn.Module
{
    private const double InitialSpread = 0.02;

    [ComponentName(Name = "memory_queries")]
    private readonly Parameter _queries;

    [ComponentName(Name = "attn")]
    private readonly EvidenceAttention _attention;

    /// <param name="source">Gives the parameters.</param>
    /// <param name="path">Full name of the tokenizer.</param>
    /// <param name="tokens">How many memory tokens there are.</param>
    /// <param name="width">d.</param>
    /// <param name="heads">Heads of the attention.</param>
    public GraphMemoryTokenizer(ParameterSource source, string path, int tokens, int width, int heads) : base(nameof(GraphMemoryTokenizer))
    {
        _queries = source.Get($"{path}.memory_queries", InitialValue.Normal(InitialSpread), tokens, width);
        _attention = new EvidenceAttention(source, $"{path}.attn", width, heads);
        RegisterComponents();
    }

    /// <summary>The learned queries, [memory, d].</summary>
    public Parameter Queries => _queries;

    /// <summary>The attention to the edge states.</summary>
    public EvidenceAttention Attention => _attention;

    /// <param name="states">The batch's distinct edge states, [states, d].</param>
    /// <param name="layout">Which row has which.</param>
    /// <returns>[batch, memory, d]; zeros in rows without evidence.</returns>
    public Tensor Compress(Tensor states, EvidenceLayout layout)
    {
        using var scope = NewDisposeScope();
        return _attention.Attend(_queries, states, layout).mul(layout.Present).MoveToOuterDisposeScope();
    }
}

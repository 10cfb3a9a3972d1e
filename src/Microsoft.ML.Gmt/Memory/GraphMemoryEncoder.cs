using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>From evidence to memory: the graph module, the tokenizer of its states, and a projection to the language model's
/// width.</summary>
internal sealed class GraphMemoryEncoder : nn.Module
{
    [ComponentName(Name = "sgm")]
    private readonly SgmModule _graphModule;

    [ComponentName(Name = "tokenizer")]
    private readonly GraphMemoryTokenizer _tokenizer;

    [ComponentName(Name = "proj")]
    private readonly Linear _projection;

    public GraphMemoryEncoder(
        SgmModule graphModule, MemoryOptions options, int hiddenSize, RandomStreams streams, ParameterBudget? budget = null)
        : base(nameof(GraphMemoryEncoder))
    {
        int width = graphModule.Options.GraphDimension;
        options.Check(width);
        using var generator = streams.Generator("memory-tokenizer");
        var source = new GeneratorParameters(generator, budget);
        _graphModule = graphModule;
        _tokenizer = new GraphMemoryTokenizer(source, "tokenizer", options.MemoryTokens, width, options.MemoryHeads);
        _projection = new Linear(source, "proj", hiddenSize, width, bias: true);
        RegisterComponents();
    }

    /// <summary>The graph module.</summary>
    public SgmModule GraphModule => _graphModule;

    /// <summary>Edge states to memory tokens.</summary>
    public GraphMemoryTokenizer Tokenizer => _tokenizer;

    /// <summary>d → the language model's hidden size.</summary>
    public Linear Projection => _projection;

    /// <summary>Memory tokens of a batch of triples. Differentiable.</summary>
    /// <param name="evidence">The triples' evidence. Rows without any get the projection's bias in every token, as in the
    /// reference.</param>
    /// <param name="dropout">The source of masks in training, drawn once for each distinct state; null for none.</param>
    /// <returns>[batch, memory, hidden] fp32.</returns>
    internal Tensor Encode(TripleEvidence evidence, SeededDropout? dropout = null)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return Compress(evidence, () => _graphModule.EncodeStates(evidence.States, dropout));
    }

    /// <summary>Memory tokens of a batch of triples under weights that no longer change.</summary>
    /// <param name="evidence">The triples' evidence.</param>
    /// <param name="encoded">The vectors of the graph's states; null encodes those of the evidence.</param>
    /// <returns>[batch, memory, hidden] fp32.</returns>
    public Tensor EncodeFrozen(TripleEvidence evidence, EncodedEdgeStates? encoded) => Compress(evidence, () => Vectors(evidence, encoded));

    /// <summary>How much the memory attends to each evidence edge, averaged over heads and memory tokens; a row's weights sum to
    /// 1.</summary>
    /// <param name="evidence">The triples' evidence.</param>
    /// <param name="encoded">The vectors of the graph's states; null encodes those of the evidence.</param>
    /// <returns>For each row one weight for each of <see cref="EvidenceRow.Edges"/>.</returns>
    public IReadOnlyList<float[]> EdgeWeights(TripleEvidence evidence, EncodedEdgeStates? encoded)
    {
        if (evidence.States.Count == 0)
        {
            return [.. evidence.Rows.Select(_ => Array.Empty<float>())];
        }

        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        Tensor states = Vectors(evidence, encoded);
        EvidenceLayout layout = EvidenceLayout.Of(evidence, states.device);
        Tensor weights = _tokenizer.Attention.Weights(_tokenizer.Queries, states, layout).mean([1L, 2L]); // [batch, longest]
        float[] values = [.. weights.cpu().contiguous().data<float>()]; // [batch · longest]
        int longest = values.Length / evidence.Rows.Count;
        return [.. evidence.Rows.Select((row, index) => OfEdges(row, values.AsSpan(index * longest, longest)))];
    }

    private Tensor Compress(TripleEvidence evidence, Func<Tensor> states)
    {
        using var scope = NewDisposeScope();
        Tensor queries = _tokenizer.Queries;
        Tensor compressed = evidence.States.Count == 0
            ? zeros([evidence.Rows.Count, queries.size(0), queries.size(1)], ScalarType.Float32, queries.device)
            : _tokenizer.Compress(states(), EvidenceLayout.Of(evidence, queries.device));
        return _projection.call(compressed).MoveToOuterDisposeScope();
    }

    // [states, d]
    private Tensor Vectors(TripleEvidence evidence, EncodedEdgeStates? encoded) =>
        encoded is null ? _graphModule.EncodeStates(evidence.States) : encoded.Of(evidence.States, evidence.GraphStateOf);

    /// <summary>Shares the weight of a state among its edges.</summary>
    private static float[] OfEdges(EvidenceRow row, ReadOnlySpan<float> weights)
    {
        var ofState = new Dictionary<int, float>();
        int place = 0;
        foreach ((int state, int count) in row.DistinctStates())
        {
            ofState.Add(state, weights[place++] / count);
        }

        return [.. row.States.Select(state => ofState[state])];
    }
}

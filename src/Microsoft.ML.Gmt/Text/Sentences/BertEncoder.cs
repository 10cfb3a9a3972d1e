using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Embedding = Microsoft.ML.Gmt.Layers.Embedding;
using LayerNorm = Microsoft.ML.Gmt.Layers.LayerNorm;

namespace Microsoft.ML.Gmt.Text;

/// <summary>BERT without its pooler: token ids to hidden states. The weights are frozen, in fp32.</summary>
internal sealed class BertEncoder : nn.Module
{
    private readonly Embedding _words;
    private readonly Tensor _positions;   // [position, hidden], the vector of the first token type added: no other occurs
    private readonly LayerNorm _norm;
    private readonly ModuleList<BertLayer> _layers;

    public BertEncoder(BertConfig config, WeightStore store, int vocabularySize, Device device) : base(nameof(BertEncoder))
    {
        TorchRuntime.EnsureLoaded();
        (Config, Device) = (config, device);
        int width = config.HiddenSize;
        StoredParameters source = new(store, ScalarType.Float32, trainable: false, device);

        // If a parameter cannot be had, the scope frees those made before it.
        using DisposeScope scope = NewDisposeScope();
        _words = new Embedding(source, "embeddings.word_embeddings", vocabularySize, width);
        Tensor types = source.Get("embeddings.token_type_embeddings.weight", InitialValue.Zero, 2, width);
        _positions = source.Get("embeddings.position_embeddings.weight", InitialValue.Zero, config.MaxPositions, width) + types[0];
        _norm = new LayerNorm(source, "embeddings.LayerNorm", width, config.NormEpsilon);
        _layers = [.. Enumerable.Range(0, config.LayerCount).Select(layer => new BertLayer(source, $"encoder.layer.{layer}", config))];
        RegisterComponents();
        _positions.DetachFromDisposeScope();
        foreach (Parameter parameter in parameters())
        {
            parameter.DetachFromDisposeScope();
        }
    }

    public BertConfig Config { get; }

    /// <summary>Where the weights are; token ids have to be there too.</summary>
    public Device Device { get; }

    /// <summary>The hidden states after the embedding and after each layer.</summary>
    /// <param name="ids">[batch, token], int64.</param>
    /// <param name="visible">[batch, token], true at tokens and false at padding; null where there is none.</param>
    /// <returns>[batch, token, hidden] each; the last is the output.</returns>
    public IEnumerable<Tensor> HiddenStates(Tensor ids, Tensor? visible)
    {
        Tensor? mask = visible is null ? null : Additive(visible);
        Tensor hidden = _norm.call(_words.call(ids).add_(_positions.narrow(0, 0, ids.size(1))));
        yield return hidden;
        foreach (BertLayer layer in _layers)
        {
            hidden = layer.call(hidden, mask);
            yield return hidden;
        }
    }

    // [batch, 1, 1, token]
    private static Tensor Additive(Tensor visible) =>
        zeros_like(visible, ScalarType.Float32).masked_fill_(visible.logical_not(), float.MinValue).unsqueeze(1).unsqueeze(1);
}

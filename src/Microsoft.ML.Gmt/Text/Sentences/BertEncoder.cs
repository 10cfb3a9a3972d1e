using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Text;

/// <summary>BERT without its pooler: token ids to hidden states. The weights are frozen, in fp32.</summary>
internal sealed class BertEncoder : IDisposable
{
    private readonly Tensor _words;       // [vocabulary, hidden]
    private readonly Tensor _positions;   // [position, hidden], the vector of the first token type added: no other occurs
    private readonly Norm _norm;
    private readonly BertLayer[] _layers;

    public BertEncoder(BertConfig config, WeightStore store, int vocabularySize, Device device)
    {
        TorchRuntime.EnsureLoaded();
        (Config, Device) = (config, device);
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> kept = [];
        _words = Keep("embeddings.word_embeddings.weight", vocabularySize, config.HiddenSize);
        Tensor types = Read("embeddings.token_type_embeddings.weight", 2, config.HiddenSize);
        _positions = Read("embeddings.position_embeddings.weight", config.MaxPositions, config.HiddenSize) + types[0];
        _norm = new Norm(Keep, "embeddings.LayerNorm", config.HiddenSize, config.NormEpsilon);
        _layers = [.. Enumerable.Range(0, config.LayerCount).Select(layer => new BertLayer(Keep, $"encoder.layer.{layer}", config))];

        // Only now, so that nothing is left where a weight is missing.
        _positions.DetachFromDisposeScope();
        kept.ForEach(weight => weight.DetachFromDisposeScope());

        Tensor Keep(string name, params ReadOnlySpan<long> shape)
        {
            kept.Add(Read(name, shape));
            return kept[^1];
        }

        Tensor Read(string name, params ReadOnlySpan<long> shape)
        {
            if (!store.Contains(name))
            {
                throw new WeightFileException(store.Path, "the tensor is missing; is this a BERT model?", name);
            }

            IReadOnlyList<long> found = store.Info(name).Shape;
            return found.SequenceEqual(shape.ToArray())
                ? store.Get(name).to(ScalarType.Float32, device)
                : throw new WeightFileException(
                    store.Path,
                    $"the tensor has shape [{string.Join(", ", found)}]; the configuration asks for [{string.Join(", ", shape.ToArray())}].",
                    name);
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
        Tensor words = _words.index_select(0, ids.reshape(-1)).view(ids.size(0), ids.size(1), Config.HiddenSize);
        Tensor hidden = _norm.Apply(words.add_(_positions.narrow(0, 0, ids.size(1))));
        yield return hidden;
        foreach (BertLayer layer in _layers)
        {
            hidden = layer.Apply(hidden, mask);
            yield return hidden;
        }
    }

    // [batch, 1, 1, token]
    private static Tensor Additive(Tensor visible) =>
        zeros_like(visible, ScalarType.Float32).masked_fill_(visible.logical_not(), float.MinValue).unsqueeze(1).unsqueeze(1);

    public void Dispose()
    {
        _words.Dispose();
        _positions.Dispose();
        _norm.Dispose();
        foreach (BertLayer layer in _layers)
        {
            layer.Dispose();
        }
    }
}

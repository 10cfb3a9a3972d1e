using Microsoft.ML.Gmt.Sgm;
using TorchSharp.Modules;

namespace Microsoft.ML.Gmt.Memory;

/// <content>The parameters: which there are, and which may change.</content>
internal sealed partial class GmtModel
{
    /// <summary>
    /// Chooses what a training run changes: always the tokenizer, its projection, gates, memory norms, low-rank updates and the network of
    /// features, never the base model.
    /// </summary>
    /// <param name="graphModule">The graph module as well, relation semantics included.</param>
    /// <param name="crossAttentionBase">The cross-attention's own projections as well.</param>
    internal void SetTrainable(bool graphModule, bool crossAttentionBase)
    {
        Thaw();
        foreach (Parameter parameter in BaseModel.parameters())
        {
            parameter.requires_grad = false;
        }

        foreach (Parameter parameter in Encoder.GraphModule.parameters())
        {
            parameter.requires_grad = graphModule;
        }

        foreach (MemoryCrossAttention attention in _memoryLayers.Values.Select(layer => layer.Attention))
        {
            foreach (LoraProjection projection in attention.Projections)
            {
                projection.Weight.requires_grad = crossAttentionBase;
            }
        }

        States.Refresh(Encoder.GraphModule);
    }

    /// <summary>
    /// All parameters but the base model's: the graph side under <c>graph_encoder.*</c>, then the memory layers under
    /// <c>model.layers.N.*</c>, then where there is one the network of features under <c>features.*</c>.
    /// </summary>
    internal IEnumerable<(string Name, Parameter Parameter)> NamedParameters() =>
    [
        .. Encoder.named_parameters().Select(pair => ($"graph_encoder.{pair.name}", pair.parameter)),
        .. _memoryLayers.SelectMany(
            layer => layer.Value.named_parameters().Select(pair => ($"model.layers.{layer.Key}.{pair.name}", pair.parameter))),
        .. Features?.Network.named_parameters().Select(pair => ($"features.{pair.name}", pair.parameter)) ?? [],
    ];

    /// <summary>What a training run changes, graph side first.</summary>
    internal IEnumerable<Parameter> TrainableParameters() =>
        NamedParameters().Select(pair => pair.Parameter).Where(parameter => parameter.requires_grad);

    /// <summary>Says that no weight changes any more, until the model is trained again: then questions are answered faster.</summary>
    /// <remarks>Call it before other threads use the model.</remarks>
    public void Freeze()
    {
        foreach ((_, Parameter parameter) in NamedParameters())
        {
            parameter.requires_grad = false;
        }

        Thaw();
        _frozen = new SgmScorer(Encoder.GraphModule, Graph, States.Refresh(Encoder.GraphModule), FittedOn) { OwnsModule = false };
    }

    private void Thaw()
    {
        _frozen?.Dispose();
        _frozen = null;
    }
}

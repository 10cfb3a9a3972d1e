using Microsoft.ML.Gmt.Layers;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>SwiGLU feed-forward (arXiv 2002.05202): down(silu(gate(x)) · up(x)).</summary>
internal sealed class LlamaFeedForward : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "gate_proj")]
    private readonly Linear _gate;

    [ComponentName(Name = "up_proj")]
    private readonly Linear _up;

    [ComponentName(Name = "down_proj")]
    private readonly Linear _down;

    public LlamaFeedForward(ParameterSource source, string path, LlamaConfig config)
        : base(nameof(LlamaFeedForward))
    {
        _gate = new Linear(source, $"{path}.gate_proj", config.IntermediateSize, config.HiddenSize, config.FeedForwardBias);
        _up = new Linear(source, $"{path}.up_proj", config.IntermediateSize, config.HiddenSize, config.FeedForwardBias);
        _down = new Linear(source, $"{path}.down_proj", config.HiddenSize, config.IntermediateSize, config.FeedForwardBias);
        RegisterComponents();
    }

    /// <summary>Applies the feed-forward to every token.</summary>
    /// <param name="input">[batch, query, hidden], already normalized.</param>
    /// <returns>[batch, query, hidden], without the residual.</returns>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor gate = _gate.call(input); // [batch, query, intermediate]
        Tensor up = _up.call(input);

        // Where nothing has to be kept for a backward pass the widest tensors of the model are overwritten instead of allocated.
        Tensor gated = gate.requires_grad || up.requires_grad
            ? nn.functional.silu(gate).mul(up)
            : nn.functional.silu(gate, inplace: true).mul_(up);
        return _down.call(gated).MoveToOuterDisposeScope();
    }
}

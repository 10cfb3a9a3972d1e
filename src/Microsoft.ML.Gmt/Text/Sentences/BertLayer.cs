using Microsoft.ML.Gmt.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Text;

/// <summary>One layer of BERT: attention, then a feed-forward half, each followed by a norm over the sum with its input (Devlin et al.
/// 2018).</summary>
internal sealed class BertLayer : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _attentionOutput;
    private readonly LayerNorm _attentionNorm;
    private readonly Linear _intermediate;
    private readonly Linear _output;
    private readonly LayerNorm _outputNorm;
    private readonly int _heads;

    /// <param name="source">Gives the parameters.</param>
    /// <param name="path">Full name of the layer.</param>
    /// <param name="config">The encoder's shape.</param>
    public BertLayer(ParameterSource source, string path, BertConfig config) : base(nameof(BertLayer))
    {
        _heads = config.HeadCount;
        int width = config.HiddenSize;
        _query = Map("attention.self.query", width, width);
        _key = Map("attention.self.key", width, width);
        _value = Map("attention.self.value", width, width);
        _attentionOutput = Map("attention.output.dense", width, width);
        _attentionNorm = new LayerNorm(source, $"{path}.attention.output.LayerNorm", width, config.NormEpsilon);
        _intermediate = Map("intermediate.dense", config.IntermediateSize, width);
        _output = Map("output.dense", width, config.IntermediateSize);
        _outputNorm = new LayerNorm(source, $"{path}.output.LayerNorm", width, config.NormEpsilon);
        RegisterComponents();

        Linear Map(string name, int outputs, int inputs) => new(source, $"{path}.{name}", outputs, inputs, bias: true);
    }

    /// <summary>Computes the layer.</summary>
    /// <param name="hidden">[batch, token, hidden].</param>
    /// <param name="mask">Added to the scores, [batch, 1, 1, token]; null where no token is padding.</param>
    /// <returns>[batch, token, hidden].</returns>
    public override Tensor forward(Tensor hidden, Tensor? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor Heads(Linear projection) => AttentionCore.SplitHeads(projection.call(hidden), _heads); // [batch, head, token, channel]

        Tensor attended = AttentionCore.Attend(Heads(_query), Heads(_key), Heads(_value), mask);
        Tensor middle = _attentionNorm.call(_attentionOutput.call(AttentionCore.JoinHeads(attended)).add_(hidden));
        Tensor wide = nn.functional.gelu(_intermediate.call(middle));   // exact, with erf
        return _outputNorm.call(_output.call(wide).add_(middle)).MoveToOuterDisposeScope();
    }
}

using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Weights by the names of a checkpoint.</summary>
internal delegate Tensor WeightSource(string name, params ReadOnlySpan<long> shape);

/// <summary>A linear map, y = x Wᵀ + b.</summary>
internal sealed class Dense(WeightSource weights, string path, int outputs, int inputs) : IDisposable
{
    private readonly Tensor _weight = weights($"{path}.weight", outputs, inputs);
    private readonly Tensor _bias = weights($"{path}.bias", outputs);

    public Tensor Apply(Tensor input) => nn.functional.linear(input, _weight, _bias);

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}

/// <summary>Layer normalization over the last dimension.</summary>
internal sealed class Norm(WeightSource weights, string path, int size, double epsilon) : IDisposable
{
    private readonly Tensor _weight = weights($"{path}.weight", size);
    private readonly Tensor _bias = weights($"{path}.bias", size);

    public Tensor Apply(Tensor input) => nn.functional.layer_norm(input, [size], _weight, _bias, epsilon);

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}

/// <summary>One layer of BERT: attention, then a feed-forward half, each followed by a norm over the sum with its input (Devlin et al. 2018).</summary>
internal sealed class BertLayer(WeightSource weights, string path, BertConfig config) : IDisposable
{
    private readonly Dense _query = new(weights, $"{path}.attention.self.query", config.HiddenSize, config.HiddenSize);
    private readonly Dense _key = new(weights, $"{path}.attention.self.key", config.HiddenSize, config.HiddenSize);
    private readonly Dense _value = new(weights, $"{path}.attention.self.value", config.HiddenSize, config.HiddenSize);
    private readonly Dense _attentionOutput = new(weights, $"{path}.attention.output.dense", config.HiddenSize, config.HiddenSize);
    private readonly Norm _attentionNorm = new(weights, $"{path}.attention.output.LayerNorm", config.HiddenSize, config.NormEpsilon);
    private readonly Dense _intermediate = new(weights, $"{path}.intermediate.dense", config.IntermediateSize, config.HiddenSize);
    private readonly Dense _output = new(weights, $"{path}.output.dense", config.HiddenSize, config.IntermediateSize);
    private readonly Norm _outputNorm = new(weights, $"{path}.output.LayerNorm", config.HiddenSize, config.NormEpsilon);

    /// <param name="hidden">[batch, token, hidden].</param>
    /// <param name="mask">Added to the scores, [batch, 1, 1, token]; null where no token is padding.</param>
    /// <returns>[batch, token, hidden].</returns>
    public Tensor Apply(Tensor hidden, Tensor? mask)
    {
        using DisposeScope scope = NewDisposeScope();
        long batch = hidden.size(0);
        long length = hidden.size(1);

        // [batch, head, token, channel]
        Tensor Heads(Dense projection) => projection.Apply(hidden).view(batch, length, config.HeadCount, -1).transpose(1, 2);

        Tensor attended = nn.functional.scaled_dot_product_attention(Heads(_query), Heads(_key), Heads(_value), mask);
        Tensor joined = attended.transpose(1, 2).reshape(batch, length, config.HiddenSize);
        Tensor middle = _attentionNorm.Apply(_attentionOutput.Apply(joined).add_(hidden));
        Tensor wide = nn.functional.gelu(_intermediate.Apply(middle));   // exact, with erf
        return _outputNorm.Apply(_output.Apply(wide).add_(middle)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (IDisposable part in new IDisposable[] { _query, _key, _value, _attentionOutput, _attentionNorm, _intermediate, _output, _outputNorm })
        {
            part.Dispose();
        }
    }
}

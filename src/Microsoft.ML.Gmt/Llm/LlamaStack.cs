using Microsoft.ML.Gmt.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Embedding = Microsoft.ML.Gmt.Layers.Embedding;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Embedding, layers and final norm: what Hugging Face's files call <c>model.*</c>.</summary>
internal sealed class LlamaStack : nn.Module
{
    [ComponentName(Name = "embed_tokens")]
    private readonly Embedding _embedding;

    [ComponentName(Name = "layers")]
    private readonly ModuleList<LlamaDecoderLayer> _layers;

    [ComponentName(Name = "norm")]
    private readonly RmsNorm _norm;

    public LlamaStack(ParameterSource source, string path, LlamaConfig config)
        : base(nameof(LlamaStack))
    {
        _embedding = new Embedding(source, $"{path}.embed_tokens", config.VocabularySize, config.HiddenSize);
        _layers = new ModuleList<LlamaDecoderLayer>();
        for (int layer = 0; layer < config.LayerCount; layer++)
        {
            _layers.Add(new LlamaDecoderLayer(source, $"{path}.layers.{layer}", config, layer));
        }

        _norm = new RmsNorm(source, $"{path}.norm", config.HiddenSize, config.NormEpsilon);
        RegisterComponents();
    }

    public Embedding Embedding => _embedding;

    public ModuleList<LlamaDecoderLayer> Layers => _layers;

    public RmsNorm Norm => _norm;
}

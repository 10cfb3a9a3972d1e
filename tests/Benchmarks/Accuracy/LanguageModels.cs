using TorchSharp;

namespace Benchmarks.Accuracy;

/// <summary>The language models that read features, each loaded when it is first asked for.</summary>
internal sealed class LanguageModels : IDisposable
{
    private const int MemoryLayers = 3;

    public LanguageModels(LabeledRows rows)
    {
        Tiny = new(() => new GmtVerdicts(rows, Machine.Model("tiny-llama"), MemoryLayers));
        SmolLm2 = Machine.PretrainedModel("smollm2-135m-instruct-q4_1") is { } folder
            ? new(() => new GmtVerdicts(rows, folder, MemoryLayers, torch.ScalarType.BFloat16)) : null;
    }

    /// <summary>The tiny LLaMA of the examples.</summary>
    public Lazy<GmtVerdicts> Tiny { get; }

    /// <summary>SmolLM2 with 135 million weights, from its GGUF, computed in bf16; null where it is not to be had.</summary>
    public Lazy<GmtVerdicts>? SmolLm2 { get; }

    public void Dispose()
    {
        foreach (Lazy<GmtVerdicts> verdicts in new[] { Tiny, SmolLm2 }.OfType<Lazy<GmtVerdicts>>().Where(one => one.IsValueCreated))
        {
            verdicts.Value.Dispose();
        }
    }
}

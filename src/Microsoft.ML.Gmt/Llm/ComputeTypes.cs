using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>In which type a language model computes where nobody says.</summary>
internal static class ComputeTypes
{
    /// <summary>The file's own type; fp16, slow on CPUs and easily out of range, is widened.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="store">Its weights.</param>
    public static ScalarType Stored(LlamaConfig config, WeightStore store)
    {
        string embedding = LlamaModel.StoredName(config, store, LlamaModel.EmbeddingName);
        bool isBFloat16 = store.Contains(embedding) && store.Info(embedding).ElementType == ScalarType.BFloat16;
        return isBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
    }

    /// <summary>The faster type for a file's own: a CPU without instructions for bf16 computes it in fp32.</summary>
    /// <remarks>Features decide, not the clock: one machine gives one answer.</remarks>
    /// <param name="stored">The file's own type.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="processorHasBFloat16">Whether the CPU has such instructions.</param>
    public static ScalarType Faster(ScalarType stored, DeviceType device, bool processorHasBFloat16) =>
        stored == ScalarType.BFloat16 && device == DeviceType.CPU && !processorHasBFloat16 ? ScalarType.Float32 : stored;

    /// <summary>The faster type on this machine.</summary>
    public static ScalarType Faster(ScalarType stored, Device? device) =>
        Faster(stored, device?.type ?? DeviceType.CPU, ProcessorFeatures.HasBFloat16);

    /// <summary>What the log says of a model whose type was chosen; null where it is the file's own.</summary>
    /// <param name="stored">The file's own type.</param>
    /// <param name="used">What it computes in.</param>
    /// <param name="folder">The model's folder.</param>
    public static string? Note(ScalarType stored, ScalarType used, string folder) => stored == used ? null
        : $"'{folder}' has bf16 weights, but this processor has no instructions for bf16 (AVX512_BF16, AMX): it computes in fp32, "
            + "which is faster and takes twice the memory. ComputeType = BFloat16 asks for bf16.";
}

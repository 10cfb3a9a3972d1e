using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>The weights of a <see cref="GmtModel"/> by the names that the reference's two checkpoint files give them. The base model is in neither.</summary>
internal static class GmtStateDict
{
    /// <summary>File name of the graph side.</summary>
    public const string EncoderFile = "graph_encoder.pth";

    /// <summary>File name of the memory layers.</summary>
    public const string MemoryFile = "memory_attn.pth";

    /// <summary>The graph side, <c>sgm.*</c>, <c>tokenizer.*</c> and <c>proj.*</c>; not copied.</summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> OfEncoder(GmtModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. StateDict.Of(model.Encoder)];
    }

    /// <summary>
    /// The memory layers, <c>model.layers.N.memory_gate</c>, <c>.memory_layernorm.weight</c> and <c>.memory_attn.*</c>; not copied.
    /// </summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> OfMemory(GmtModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. model.MemoryLayers.SelectMany(pair => StateDict.Of(pair.Value, $"model.layers.{pair.Key}."))];
    }

    /// <summary>Writes both files of the reference, each atomically.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">Made if it does not exist.</param>
    public static void Write(GmtModel model, string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        TorchFileWriter.WriteStateDict(Path.Combine(folder, EncoderFile), OfEncoder(model));
        TorchFileWriter.WriteStateDict(Path.Combine(folder, MemoryFile), OfMemory(model));
    }

    /// <summary>Copies the weights of both files of the reference into a model; files in half precision are widened.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder that holds them.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="WeightFileException">Names are missing or unexpected, or a shape differs; all of them are named.</exception>
    public static void Read(GmtModel model, string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var scope = NewDisposeScope();
        string encoder = Path.Combine(folder, EncoderFile), memory = Path.Combine(folder, MemoryFile);
        IReadOnlyDictionary<string, Tensor> encoderWeights = TorchFile.LoadStateDict(encoder), memoryWeights = TorchFile.LoadStateDict(memory);
        StateDict.Load(OfEncoder(model), encoderWeights, encoder, "the graph encoder");
        StateDict.Load(OfMemory(model), memoryWeights, memory, "the memory layers");
        model.States.Refresh(model.Encoder.GraphModule);
    }
}

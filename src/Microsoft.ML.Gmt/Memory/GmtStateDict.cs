using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// The weights of a <see cref="GmtModel"/> by the names that the reference's two checkpoint files give them. The base model is in neither.
/// </summary>
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

    /// <summary>The network of features, <c>features.fc1.*</c> and <c>features.fc2.*</c>, which the reference does not know; none in a
    /// model that reads no features. Not copied.</summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> OfFeatures(GmtModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Features is { } features ? [.. StateDict.Of(features.Network, "features.")] : [];
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

    /// <summary>The weights of both files of the reference by name; they belong to the caller's dispose scope.</summary>
    /// <param name="folder">The folder that holds them.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="WeightFileException">A file is malformed or damaged.</exception>
    public static (IReadOnlyDictionary<string, Tensor> Encoder, IReadOnlyDictionary<string, Tensor> Memory) Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return (TorchFile.LoadStateDict(Path.Combine(folder, EncoderFile)), TorchFile.LoadStateDict(Path.Combine(folder, MemoryFile)));
    }

    /// <summary>Copies the weights of both files of the reference into a model; those in half precision are widened.</summary>
    /// <param name="model">The model.</param>
    /// <param name="encoder">The weights of <see cref="EncoderFile"/>.</param>
    /// <param name="memory">The weights of <see cref="MemoryFile"/>.</param>
    /// <param name="folder">Where they are from, for messages.</param>
    /// <exception cref="WeightFileException">Names are missing or unexpected, or a shape differs; all of them are named.</exception>
    public static void Load(
        GmtModel model, IReadOnlyDictionary<string, Tensor> encoder, IReadOnlyDictionary<string, Tensor> memory, string folder)
    {
        StateDict.Load(OfEncoder(model), encoder, Path.Combine(folder, EncoderFile), "the graph encoder");
        StateDict.Load(OfMemory(model), memory, Path.Combine(folder, MemoryFile), "the memory layers");
        model.States.Refresh(model.Encoder.GraphModule);
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
        (IReadOnlyDictionary<string, Tensor> encoder, IReadOnlyDictionary<string, Tensor> memory) = Open(folder);
        Load(model, encoder, memory, folder);
    }
}

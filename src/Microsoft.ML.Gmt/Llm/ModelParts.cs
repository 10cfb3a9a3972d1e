using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>A model's shape and its open weights, from a folder as Hugging Face lays it out or one with a GGUF file.</summary>
/// <param name="Config">The shape.</param>
/// <param name="Store">The weights; the caller disposes them.</param>
internal sealed record ModelParts(LlamaConfig Config, WeightStore Store) : IDisposable
{
    /// <summary>Opens a folder. A GGUF file counts where there is no <c>config.json</c>; its weights are widened to fp32.</summary>
    /// <exception cref="FileNotFoundException">The folder lacks configuration or weights.</exception>
    /// <exception cref="GmtFileException">A file is malformed, or there are several GGUF files.</exception>
    /// <exception cref="NotSupportedException">The model has a feature that is not computed.</exception>
    public static ModelParts Open(string folder)
    {
        if (GgufInFolder.Find(folder) is not { } path)
        {
            return new ModelParts(LlamaConfig.Load(folder), WeightStore.Open(folder));
        }

        GgufFile file = GgufFile.Open(path);
        try
        {
            LlamaConfig config = GgufConfig.Read(file);
            return new ModelParts(config, WeightStore.Of(new GgufWeights(file, config)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Closes the weights; tensors taken from them stay valid.</summary>
    public void Dispose() => Store.Dispose();
}

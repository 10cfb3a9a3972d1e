using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

public sealed partial class LlamaModel
{
    /// <summary>Name of the embedding's matrix in a checkpoint.</summary>
    internal const string EmbeddingName = "model.embed_tokens.weight";

    private const string HeadName = "lm_head.weight";
    private const string WeightsName = "model.safetensors";

    /// <summary>
    /// Loads a model folder as Hugging Face lays it out: <c>config.json</c> and single or sharded safetensors; or one with a GGUF file and
    /// no <c>config.json</c>, whose weights are widened to fp32.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="dtype">Type of weights and computation, fp32 or bf16. Default (null): the file's own, but fp32 for fp16, which is
    /// slow on CPUs, and for bf16 on a CPU without instructions for it (AVX512_BF16, AMX). Weights already of this type stay views of the
    /// mapped file; others are converted once. Logits in bf16 differ from those in
    /// fp32 by about 2 % (root mean square, small models).</param>
    /// <param name="trainable">Whether the parameters record gradients. Default false: the base model is frozen. Training never changes
    /// the file, the mapping is private.</param>
    /// <param name="device">Where the weights go and everything is computed; null for the CPU.</param>
    /// <exception cref="FileNotFoundException">The folder lacks <c>config.json</c>, the weights or a shard.</exception>
    /// <exception cref="GmtFileException">The configuration is malformed, or a tensor is missing or has another shape.</exception>
    /// <exception cref="NotSupportedException">The model has a feature that this decoder does not compute, or an adapter (LoRA) lies beside
    /// it: merge it first.</exception>
    /// <example>
    /// <code>
    /// using LlamaModel model = LlamaModel.Load("models/tiny-llama");
    /// TextTokenizer tokenizer = TokenizerFolder.Load("models/tiny-llama");
    /// var decoder = new GreedyDecoder(model, new GreedyOptions { MaxNewTokens = 32 });
    /// IReadOnlyList&lt;int> written = decoder.Generate([tokenizer.Encode("The capital of Switzerland is")])[0];
    /// Console.WriteLine(tokenizer.Decode(written));
    /// </code>
    /// </example>
    public static LlamaModel Load(string folder, ScalarType? dtype = null, bool trainable = false, Device? device = null)
    {
        ModelFolderContents.RefuseAdapter(folder);
        using ModelParts parts = ModelParts.Open(folder);
        (LlamaConfig config, WeightStore store) = parts;
        return Load(config, store, dtype ?? ComputeTypes.Faster(ComputeTypes.Stored(config, store), device), trainable, device);
    }

    /// <summary>Loads a model whose files are open, without a look at what lies beside them.</summary>
    internal static LlamaModel Load(
        LlamaConfig config, WeightStore store, ScalarType dtype, bool trainable = false, Device? device = null)
    {
        TorchRuntime.EnsureLoaded();
        StoredParameters source = new(store, dtype, trainable, device ?? CPU, name => StoredName(config, store, name));
        LlamaModel model = new(config, dtype, source);
        try
        {
            RefuseUnused(store.Path, source.Unused, config.TieEmbeddings);
            model.eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c>, each atomically, so that this library and Hugging Face can load the
    /// folder.</summary>
    /// <param name="folder">Made if it does not exist.</param>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, WeightsName), StateDict.Of(this));
        (Config with { DataType = DataType }).Save(folder);
    }

    /// <summary>Refuses tensors that the model did not ask for: leaving one out could mean wrong numbers.</summary>
    internal static void RefuseUnused(string path, IEnumerable<string> unused, bool tiedHead)
    {
        string[] names = [.. unused.Where(name => !IsRedundant(name, tiedHead))];
        if (names.Length > 0)
        {
            string rest = names.Length > 3 ? $" and {names.Length - 3} more" : "";
            throw new NotSupportedException(
                $"{path}: the model has tensors that this decoder does not use: {string.Join(", ", names.Take(3))}{rest}. "
                + "Check that config.json belongs to these weights.");
        }
    }

    /// <summary>
    /// Under which name a checkpoint has a parameter. Where head and embedding are one tensor, safetensors keeps one name of the two, and
    /// that may be the head's.
    /// </summary>
    internal static string StoredName(LlamaConfig config, WeightStore store, string name) =>
        config.TieEmbeddings && name == EmbeddingName && !store.Contains(name) && store.Contains(HeadName) ? HeadName : name;

    // Rotary frequencies follow from the configuration; a tied head repeats the embedding.
    private static bool IsRedundant(string name, bool tiedHead) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || (tiedHead && name == HeadName);
}

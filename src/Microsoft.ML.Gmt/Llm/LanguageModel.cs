using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>
/// A language model with its tokenizer, from one folder unless the tokenizer is the caller's own. Weights stay in the mapped files.
/// </summary>
internal sealed class LanguageModel : IDisposable
{
    private LanguageModel(string folder, LlamaModel model, TextTokenizer tokenizer) =>
        (Folder, Model, Tokenizer) = (folder, model, tokenizer);

    /// <summary>Where the model is.</summary>
    public string Folder { get; }

    public LlamaModel Model { get; }

    public TextTokenizer Tokenizer { get; }

    /// <summary>Loads a folder as Hugging Face lays it out.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">The tokenizer to use; null for the folder's own.</param>
    /// <param name="computeType">Type of weights and computation; null for the file's own, half precision widened.</param>
    /// <param name="device">Where it computes; null for the CPU.</param>
    /// <exception cref="GmtFileException">Model and tokenizer do not belong together, or a file is malformed.</exception>
    public static LanguageModel Load(string folder, TextTokenizer? tokenizer = null, ScalarType? computeType = null, Device? device = null)
    {
        tokenizer ??= TokenizerFolder.Load(folder);
        LlamaModel model = LlamaModel.Load(folder, computeType, device: device);
        if (tokenizer.VocabularySize > model.Config.VocabularySize)
        {
            model.Dispose();
            throw new GmtFileException(
                folder,
                null,
                $"the tokenizer has ids up to {tokenizer.VocabularySize - 1}, the model's vocabulary ends at "
                + $"{model.Config.VocabularySize - 1}. They do not belong together.");
        }

        return new LanguageModel(folder, model, tokenizer);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();
}

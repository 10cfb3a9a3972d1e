using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>A language model and the tokenizer that belongs to it, from one folder.</summary>
internal sealed class LanguageModel : IDisposable
{
    private LanguageModel(string folder, LlamaModel model, TextTokenizer tokenizer) => (Folder, Model, Tokenizer) = (folder, model, tokenizer);

    /// <summary>Where they are.</summary>
    public string Folder { get; }

    /// <summary>The model.</summary>
    public LlamaModel Model { get; }

    /// <summary>The tokenizer.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>Loads both.</summary>
    /// <param name="name">A folder, or a name in the local Hugging Face cache.</param>
    /// <param name="device">Where the model computes; null for the CPU.</param>
    public static LanguageModel Load(string name, Device? device = null)
    {
        string folder = new ModelLocator().Find(name);
        TextTokenizer tokenizer = TokenizerFolder.Load(folder);
        return new LanguageModel(folder, LlamaModel.Load(folder, device: device), tokenizer);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();
}

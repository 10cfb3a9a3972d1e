using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;
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

    /// <summary>What a log should say of the type that it computes in; null where there is nothing to say.</summary>
    public string? ComputeNote { get; private init; }

    /// <summary>Loads a folder as Hugging Face lays it out, or with a GGUF file.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">The tokenizer to use; null for the folder's own.</param>
    /// <param name="computeType">Type of weights and computation; null for the faster one on this machine, see <see
    /// cref="ComputeTypes"/>.</param>
    /// <param name="device">Where it computes; null for the CPU.</param>
    /// <exception cref="GmtFileException">Model and tokenizer do not belong together, or a file is malformed.</exception>
    /// <exception cref="NotSupportedException">The model has a feature that is not computed, or an adapter lies beside it.</exception>
    public static LanguageModel Load(string folder, TextTokenizer? tokenizer = null, ScalarType? computeType = null, Device? device = null)
    {
        ModelFolderContents.RefuseAdapter(folder);
        return LoadAs(
            folder, tokenizer, stored => computeType ?? ComputeTypes.Faster(stored, device), device, notesChoice: computeType is null);
    }

    /// <summary>Loads a folder to compute in the files' own type, as the Python scripts do.</summary>
    /// <inheritdoc cref="Load"/>
    public static LanguageModel LoadAsStored(string folder, Device device)
    {
        ModelFolderContents.RefuseAdapter(folder);
        return LoadAs(folder, null, stored => stored, device);
    }

    /// <summary>
    /// Loads the base of a saved model, which computes as it did then: in the file's own type where it does not say, and without an adapter
    /// beside it.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">The tokenizer to use; null for the folder's own.</param>
    /// <param name="computeType">Type of weights and computation, as it is recorded.</param>
    /// <param name="device">Where it computes.</param>
    /// <exception cref="GmtFileException">Model and tokenizer do not belong together, or a file is malformed.</exception>
    public static LanguageModel LoadSaved(string folder, TextTokenizer? tokenizer, ScalarType? computeType, Device device) =>
        LoadAs(folder, tokenizer, stored => computeType ?? stored, device);

    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">The tokenizer to use; null for the folder's own.</param>
    /// <param name="computeType">Chooses the type to compute in by the files' own.</param>
    /// <param name="device">Where it computes; null for the CPU.</param>
    /// <param name="notesChoice">Whether <see cref="ComputeNote"/> says that another type than the files' own was chosen.</param>
    private static LanguageModel LoadAs(
        string folder, TextTokenizer? tokenizer, Func<ScalarType, ScalarType> computeType, Device? device, bool notesChoice = false)
    {
        using ModelParts parts = ModelParts.Open(folder);
        (LlamaConfig config, WeightStore store) = parts;
        ScalarType stored = ComputeTypes.Stored(config, store), chosen = computeType(stored);

        // Before the weights, which may take long to convert.
        tokenizer ??= TokenizerFolder.Load(folder);
        LlamaModel model = LlamaModel.Load(config, store, chosen, device: device);

        // Added tokens, such as a <pad> of one's own, may lie beyond: only a text that holds one is refused, when it comes to the model.
        if (tokenizer.OrdinaryVocabularySize > model.Config.VocabularySize)
        {
            model.Dispose();
            throw new GmtFileException(
                folder,
                null,
                $"the tokenizer has ids up to {tokenizer.OrdinaryVocabularySize - 1}, the model's vocabulary ends at "
                + $"{model.Config.VocabularySize - 1}. They do not belong together.");
        }

        return new LanguageModel(folder, model, tokenizer)
        {
            ComputeNote = notesChoice ? ComputeTypes.Note(stored, chosen, folder) : null,
        };
    }

    /// <summary>Refuses a folder that cannot be loaded: reads all of it but the weights' values, and keeps nothing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tokenizer">The tokenizer to use; null for the folder's own.</param>
    /// <param name="computeType">Type of weights and computation; null for the file's own.</param>
    /// <returns>The model's shape.</returns>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static LlamaConfig Check(string folder, TextTokenizer? tokenizer, ScalarType? computeType)
    {
        using LanguageModel shape = Load(folder, tokenizer, computeType, META);
        return shape.Model.Config;
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();
}

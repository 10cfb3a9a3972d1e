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

    /// <summary>Loads a folder as Hugging Face lays it out.</summary>
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
        if (computeType is not null)
        {
            return LoadAs(folder, tokenizer, computeType.Value, device);
        }

        ScalarType stored = ComputeTypes.Stored(folder);
        ScalarType faster = ComputeTypes.Faster(stored, device);
        return LoadAs(folder, tokenizer, faster, device, ComputeTypes.Note(stored, faster, folder));
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
        LoadAs(folder, tokenizer, computeType ?? ComputeTypes.Stored(folder), device);

    private static LanguageModel LoadAs(
        string folder, TextTokenizer? tokenizer, ScalarType computeType, Device? device, string? note = null)
    {
        tokenizer ??= TokenizerFolder.Load(folder);
        LlamaModel model = LlamaModel.LoadPlain(folder, computeType, device: device);

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

        return new LanguageModel(folder, model, tokenizer) { ComputeNote = note };
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

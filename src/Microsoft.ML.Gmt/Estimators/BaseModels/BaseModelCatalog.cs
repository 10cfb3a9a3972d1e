using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML;

/// <summary>Extends ML.NET's catalog of models by the pretrained models and the tokenizers that transformers are based on.</summary>
public static class BaseModelCatalog
{
    /// <summary>
    /// Gives a loaded model the base model that it refers to, so that it need not be found; a server calls this after loading.
    /// </summary>
    /// <remarks>
    /// The files of the folder are compared with the hashes that were saved; those are remembered, so that a file with the same size and
    /// time is not read whole again. They stay mapped: overwriting them in place while the model is used changes its answers or ends the
    /// process; rename other files over them, or bind a copy.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">
    /// A <see cref="GmtTransformer"/> or <see cref="SentenceEmbeddingTransformer"/>, or a chain that holds some.
    /// </param>
    /// <param name="path">Folder of the base model, the very one that some of these transformers were made with.</param>
    /// <exception cref="ArgumentException">The model holds no such transformer.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="GmtFileException">The folder holds another model.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// ITransformer model = ml.Model.Load("facts.zip", out _);
    /// ml.Model.BindBaseModel(model, "/models/llama-2-7b");
    /// </code>
    /// </example>
    public static void BindBaseModel(this ModelOperationsCatalog catalog, ITransformer model, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        IBasedOnModel[] found = [.. TransformerParts.Of(model).OfType<IBasedOnModel>()];
        if (found.Length == 0)
        {
            throw new ArgumentException(
                $"The model, a {model.GetType().Name}, holds no {nameof(GmtTransformer)} or {nameof(SentenceEmbeddingTransformer)} to bind a base model to.", nameof(model));
        }

        // Where none fits, the first one says what is different.
        IBasedOnModel[] fitting = Array.FindAll(found, transformer => transformer.BaseModel.IsIn(path, out _));
        foreach (IBasedOnModel transformer in fitting.Length > 0 ? fitting : found[..1])
        {
            transformer.BindBaseModel(path);
        }
    }

    /// <summary>
    /// Gives a loaded model the tokenizer that it was made with, <see cref="GmtScoringOptions.Tokenizer"/>: an archive records
    /// only which one it was.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">A <see cref="GmtTransformer"/>, or a chain that holds some.</param>
    /// <param name="tokenizer">The tokenizer, made and wrapped as it was then.</param>
    /// <exception cref="ArgumentException">No such transformer of the model was made with this tokenizer.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// ITransformer model = ml.Model.Load("facts.zip", out _);
    /// using Stream pieces = File.OpenRead("my-llama/tokenizer.model");
    /// ml.Model.BindTokenizer(model, TextTokenizer.From(LlamaTokenizer.Create(pieces), vocabularySize: 32000, beginOfSequenceId: 1,
    /// endOfSequenceId: 2));
    /// </code>
    /// </example>
    public static void BindTokenizer(this ModelOperationsCatalog catalog, ITransformer model, TextTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        TokenizerBinding[] found =
            [.. TransformerParts.Of(model).OfType<GmtTransformer>().Select(transformer => transformer.Model.Tokenizer)];
        if (found.Length == 0)
        {
            throw new ArgumentException(
                $"The model, a {model.GetType().Name}, holds no {nameof(GmtTransformer)} to bind a tokenizer to.", nameof(model));
        }

        var identity = TokenizerIdentity.Of(tokenizer);
        TokenizerBinding[] fitting = Array.FindAll(found, binding => binding.DifferenceTo(identity) is null);
        if (fitting.Length == 0)
        {
            throw new ArgumentException(
                $"This is not the tokenizer that the model was made with: {found[0].DifferenceTo(identity)}.", nameof(tokenizer));
        }

        foreach (TokenizerBinding binding in fitting)
        {
            binding.Bind(tokenizer);
        }
    }
}

using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML;

/// <summary>Extends ML.NET's catalog of models by the pretrained models that transformers are based on.</summary>
public static class BaseModelCatalog
{
    /// <summary>Gives a loaded model the base model that it refers to, so that it need not be found; a server calls this after loading.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">A <see cref="GmtTransformer"/> or <see cref="SentenceEmbeddingTransformer"/>, or a chain that holds some.</param>
    /// <param name="path">Folder of the base model, the very one that some of these transformers were made with.</param>
    /// <exception cref="ArgumentException">The model holds no such transformer.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="GmtFileException">The folder holds another model.</exception>
    public static void BindBaseModel(this ModelOperationsCatalog catalog, ITransformer model, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        IBasedOnModel[] found = [.. Within(model)];
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

    private static IEnumerable<IBasedOnModel> Within(ITransformer model) => model switch
    {
        IBasedOnModel own => [own],
        IEnumerable<ITransformer> chain => chain.SelectMany(Within),
        _ => [],
    };
}

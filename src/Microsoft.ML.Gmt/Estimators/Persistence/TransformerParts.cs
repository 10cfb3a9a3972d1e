namespace Microsoft.ML.Gmt;

/// <summary>What a model consists of. Compiled into the packages beside the library as well.</summary>
internal static class TransformerParts
{
    /// <summary>The transformers of a chain, and of chains within it, in their order; a transformer that is no chain, by itself.</summary>
    public static IEnumerable<ITransformer> Of(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Of) : [model];
}

using Microsoft.Extensions.AI;
using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>
/// Sentence vectors of a local model in the way of Microsoft.Extensions.AI: what <see cref="SentenceEmbeddingTransformer"/> adds as a
/// column.
/// </summary>
/// <remarks>
/// Any number of threads may use one. Usage counts the tokens that are read, the two special ones of each text included; what is beyond
/// the model's positions is not read.
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext();
/// using IEmbeddingGenerator&lt;string, Embedding&lt;float>> generator = SentenceEmbeddingGenerator.Load(ml, "models/all-MiniLM-L6-v2");
/// GeneratedEmbeddings&lt;Embedding&lt;float>> vectors = await generator.GenerateAsync(["Bern", "the capital of Switzerland"]);
/// Console.WriteLine($"{vectors[0].Dimensions} numbers, {vectors.Usage?.InputTokenCount} tokens");
/// </code>
/// </example>
public sealed class SentenceEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int TextsAtOnce = 32;

    private readonly MLContext _ml;
    private readonly SentenceEmbeddingTransformer _model;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>Makes a generator of a transformer, which it disposes.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The transformer; its columns may have any names.</param>
    /// <param name="modelId">The model's name for metadata and embeddings, such as <c>all-MiniLM-L6-v2</c>; null for none.</param>
    public SentenceEmbeddingGenerator(MLContext ml, SentenceEmbeddingTransformer model, string? modelId = null)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(model);
        (_ml, _model) = (ml, model);
        _metadata = new EmbeddingGeneratorMetadata("Microsoft.ML.Gmt", defaultModelId: modelId, defaultModelDimensions: model.Dimension);
    }

    /// <summary>Loads a sentence model from its folder; the folder's name is the model's id.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="folder">The folder, as sentence-transformers lays it out.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks a file.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// using var generator = SentenceEmbeddingGenerator.Load(ml, "models/all-MiniLM-L6-v2");
    /// ReadOnlyMemory&lt;float> vector = await generator.GenerateVectorAsync("the capital of Switzerland");
    /// </code>
    /// </example>
    public static SentenceEmbeddingGenerator Load(MLContext ml, string folder)
    {
        ArgumentNullException.ThrowIfNull(ml);
        SentenceEmbeddingTransformer model = ml.Transforms.Text.EmbedSentences("Embedding", folder, nameof(Row.Text))
            .Fit(ml.Data.LoadFromEnumerable<Row>([]));
        return new SentenceEmbeddingGenerator(ml, model, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));
    }

    /// <summary>Turns texts into vectors of length one.</summary>
    /// <param name="values">The texts; an empty one has a vector too.</param>
    /// <param name="options">Null, or options that ask for what the model is.</param>
    /// <param name="cancellationToken">Ends the work after a batch of 32 texts.</param>
    /// <returns>A vector for each text, in their order, with the number of tokens read.</returns>
    /// <exception cref="NotSupportedException">The options ask for another model or another width.</exception>
    /// <exception cref="ObjectDisposedException">The generator was disposed.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } width && width != _model.Dimension)
        {
            throw new NotSupportedException($"The vectors have {_model.Dimension} numbers; {width} were asked for. Leave Dimensions out.");
        }

        if (options?.ModelId is { } other && other != _metadata.DefaultModelId)
        {
            throw new NotSupportedException(
                $"The model is '{_metadata.DefaultModelId}'; '{other}' was asked for. Leave ModelId out, or load that model.");
        }

        string[] texts = [.. values];
        return Task.Run(() => Generate(texts, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_model) ? _model
            : null;
    }

    /// <summary>Disposes the transformer.</summary>
    public void Dispose() => _model.Dispose();

    private GeneratedEmbeddings<Embedding<float>> Generate(string[] texts, CancellationToken cancellationToken)
    {
        var input = SchemaDefinition.Create(typeof(Row));
        input[nameof(Row.Text)].ColumnName = _model.InputColumnName;
        var result = new GeneratedEmbeddings<Embedding<float>>(texts.Length);
        long tokens = 0;
        foreach (string[] batch in texts.Chunk(TextsAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            IDataView rows = _ml.Data.LoadFromEnumerable(batch.Select(text => new Row { Text = text }), input);
            result.AddRange(_model.Transform(rows).GetColumn<float[]>(_model.OutputColumnName)
                .Select(vector => new Embedding<float>(vector) { ModelId = _metadata.DefaultModelId }));
            tokens += batch.Sum(_model.CountTokens);
        }

        result.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return result;
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}

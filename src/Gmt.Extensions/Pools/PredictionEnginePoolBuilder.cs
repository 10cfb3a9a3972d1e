using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>Names the models of a <see cref="PredictionEnginePool{TData, TPrediction}"/>.</summary>
/// <typeparam name="TData">The rows that go in.</typeparam>
/// <typeparam name="TPrediction">The rows that come out.</typeparam>
public sealed class PredictionEnginePoolBuilder<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    private readonly IServiceCollection _services;

    internal PredictionEnginePoolBuilder(IServiceCollection services) => _services = services;

    /// <summary>The model without a name is read from a file.</summary>
    /// <param name="filePath">An archive; that it exists is checked when the application starts.</param>
    /// <param name="watchForChanges">Whether it is loaded again when the file changes.</param>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromFile(string filePath, bool watchForChanges = false) =>
        FromFile(Options.DefaultName, filePath, watchForChanges);

    /// <summary>A model with a name is read from a file.</summary>
    /// <param name="modelName">The name.</param>
    /// <param name="filePath">An archive; that it exists is checked when the application starts.</param>
    /// <param name="watchForChanges">Whether it is loaded again when the file changes.</param>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromFile(string modelName, string filePath, bool watchForChanges = false)
    {
        ArgumentNullException.ThrowIfNull(modelName);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        _services.AddOptions<PooledModelOptions<TData, TPrediction>>(modelName)
            .Configure(options => (options.FilePath, options.WatchForChanges) = (filePath, watchForChanges)).ValidateOnStart();
        return this;
    }
}

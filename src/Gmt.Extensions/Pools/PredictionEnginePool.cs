using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>
/// Prediction engines for any number of threads, by the names of their models: an engine is for one thread at a time, and costs too much
/// to be made for each call.
/// </summary>
/// <remarks>
/// <para>The names are those of Microsoft.Extensions.ML. Where the file of a model is watched, it is loaded again when it changes; engines
/// that are out finish with the model that they were made of, which is freed when the last of them has been returned. One that is never
/// returned keeps its model in memory, replaced or not, even after the pool was disposed.</para>
/// <para>ML.NET computes without a token, so a prediction is not cancelled; <see cref="IGmtScorer"/> is, batch by batch.</para>
/// </remarks>
/// <typeparam name="TData">The rows that go in.</typeparam>
/// <typeparam name="TPrediction">The rows that come out.</typeparam>
public sealed class PredictionEnginePool<TData, TPrediction> : IDisposable
    where TData : class
    where TPrediction : class, new()
{
    private readonly MLContext _ml;
    private readonly IOptionsMonitor<PooledModelOptions<TData, TPrediction>> _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Lazy<ReloadingFile<PooledModel<TData, TPrediction>>>> _models =
        new(StringComparer.Ordinal);

    // Which model an engine is of, and that it is in use.
    private readonly ConditionalWeakTable<
        PredictionEngine<TData, TPrediction>, SharedValue<PooledModel<TData, TPrediction>>.Lease> _out = [];

    private volatile bool _isDisposed;

    internal PredictionEnginePool(
        MLContext ml, IOptionsMonitor<PooledModelOptions<TData, TPrediction>> options, ILogger logger, TimeProvider time) =>
        (_ml, _options, _logger, _time) = (ml, options, logger, time);

    /// <summary>The model without a name, as it is loaded now; what is replaced later is disposed.</summary>
    /// <exception cref="OptionsValidationException">There is none, or its file is missing.</exception>
    public ITransformer GetModel() => GetModel(Options.DefaultName);

    /// <summary>A model by its name, as it is loaded now; what is replaced later is disposed.</summary>
    /// <exception cref="OptionsValidationException">There is none, or its file is missing.</exception>
    public ITransformer GetModel(string modelName)
    {
        using SharedValue<PooledModel<TData, TPrediction>>.Lease lease = Take(modelName);
        return lease.Value.Model;
    }

    /// <summary>An engine of the model without a name, which the caller returns.</summary>
    /// <exception cref="OptionsValidationException">There is none, or its file is missing.</exception>
    public PredictionEngine<TData, TPrediction> GetPredictionEngine() => GetPredictionEngine(Options.DefaultName);

    /// <summary>An engine of a model by its name, which the caller returns.</summary>
    /// <exception cref="OptionsValidationException">There is none, or its file is missing.</exception>
    public PredictionEngine<TData, TPrediction> GetPredictionEngine(string modelName)
    {
        SharedValue<PooledModel<TData, TPrediction>>.Lease lease = Take(modelName);
        try
        {
            PredictionEngine<TData, TPrediction> engine = lease.Value.Get();
            _out.Add(engine, lease);
            return engine;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Gives back an engine of the model without a name.</summary>
    /// <exception cref="ArgumentException">It was not taken from this pool, or is given back already.</exception>
    public void ReturnPredictionEngine(PredictionEngine<TData, TPrediction> engine) =>
        ReturnPredictionEngine(Options.DefaultName, engine);

    /// <summary>Gives back an engine.</summary>
    /// <param name="modelName">The name that it was taken by; an engine goes back to the model that it was made of.</param>
    /// <param name="engine">The engine.</param>
    /// <exception cref="ArgumentException">It was not taken from this pool, or is given back already.</exception>
    public void ReturnPredictionEngine(string modelName, PredictionEngine<TData, TPrediction> engine)
    {
        ArgumentNullException.ThrowIfNull(modelName);
        ArgumentNullException.ThrowIfNull(engine);
        if (!_out.TryGetValue(engine, out SharedValue<PooledModel<TData, TPrediction>>.Lease? lease) || !_out.Remove(engine))
        {
            throw new ArgumentException(
                $"This engine was not taken from the pool by {nameof(GetPredictionEngine)}, or is given back already.", nameof(engine));
        }

        lease.Value.Return(engine);
        lease.Dispose();
    }

    /// <summary>Predicts by the model without a name.</summary>
    /// <exception cref="OptionsValidationException">There is none, or its file is missing.</exception>
    public TPrediction Predict(TData example) => Predict(Options.DefaultName, example);

    /// <summary>Predicts by a model.</summary>
    /// <exception cref="OptionsValidationException">There is none of that name, or its file is missing.</exception>
    public TPrediction Predict(string modelName, TData example)
    {
        PredictionEngine<TData, TPrediction> engine = GetPredictionEngine(modelName);
        try
        {
            return engine.Predict(example);
        }
        finally
        {
            ReturnPredictionEngine(modelName, engine);
        }
    }

    /// <summary>Disposes the models, each after the last of its engines has been returned.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (Lazy<ReloadingFile<PooledModel<TData, TPrediction>>> model in _models.Values)
        {
            model.Value.Dispose();
        }
    }

    private SharedValue<PooledModel<TData, TPrediction>>.Lease Take(string modelName)
    {
        ArgumentNullException.ThrowIfNull(modelName);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_models.TryGetValue(modelName, out Lazy<ReloadingFile<PooledModel<TData, TPrediction>>>? model))
        {
            // Outside of the dictionary, so that a name that is wrong leaves nothing in it.
            PooledModelOptions<TData, TPrediction> options = _options.Get(modelName);
            model = _models.GetOrAdd(modelName, _ => new(() => New(options)));
        }

        // Where the pool was disposed meanwhile, its Dispose may have missed this one.
        if (_isDisposed)
        {
            model.Value.Dispose();
        }

        return model.Value.Take();
    }

    private ReloadingFile<PooledModel<TData, TPrediction>> New(PooledModelOptions<TData, TPrediction> options) => new(
        options.FilePath!, options.WatchForChanges ? options.WatchInterval : null,
        path => new PooledModel<TData, TPrediction>(_ml, _ml.Model.Load(path, out _)), _logger, _time, GetType());
}

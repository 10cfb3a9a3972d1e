using Microsoft.Extensions.ObjectPool;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>A model and the engines that were made of it; they are disposed together.</summary>
internal sealed class PooledModel<TData, TPrediction> : IDisposable
    where TData : class
    where TPrediction : class, new()
{
    private readonly ObjectPool<PredictionEngine<TData, TPrediction>> _engines;

    public PooledModel(MLContext ml, ITransformer model)
    {
        Model = model;
        _engines = new DefaultObjectPoolProvider().Create(new Policy(ml, model));
    }

    /// <summary>The model.</summary>
    public ITransformer Model { get; }

    /// <summary>An engine that nobody uses, or a new one.</summary>
    public PredictionEngine<TData, TPrediction> Get() => _engines.Get();

    /// <summary>Gives an engine back.</summary>
    public void Return(PredictionEngine<TData, TPrediction> engine) => _engines.Return(engine);

    /// <inheritdoc/>
    public void Dispose()
    {
        (_engines as IDisposable)?.Dispose();
        (Model as IDisposable)?.Dispose();
    }

    private sealed class Policy(MLContext ml, ITransformer model) : PooledObjectPolicy<PredictionEngine<TData, TPrediction>>
    {
        // All engines are of one model, which outlives each of them.
        private static readonly PredictionEngineOptions Shared = new() { OwnsTransformer = false };

        public override PredictionEngine<TData, TPrediction> Create() =>
            ml.Model.CreatePredictionEngine<TData, TPrediction>(model, Shared);

        public override bool Return(PredictionEngine<TData, TPrediction> obj) => true;
    }
}

using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>A transformer of this library: adds columns to rows, lazily, computing them for a batch of rows at a time.</summary>
/// <remarks>
/// <para>Any number of threads may use one at once. It holds native memory: dispose it, or the chain that it is part of, when it is no
/// longer needed. A prediction engine that is disposed disposes its transformer, unless <c>PredictionEngineOptions.OwnsTransformer</c> is
/// false: an engine for each request over one model needs that.</para>
/// <para>It may be disposed while other threads use it. Predictions under way end with their answers, and the memory is freed after the
/// last of them; everything that begins later ends with an <see cref="ObjectDisposedException"/>, a view's cursor at its next batch of
/// rows. The same holds for the judge and the scorer that a transformer gives out.</para>
/// <para>PyTorch's default type, default device and grad mode as the host has set them change nothing of what it computes, and it changes
/// none of them.</para>
/// </remarks>
public abstract class BatchedTransformer : ITransformer, IDisposable
{
    private protected BatchedTransformer(IHostEnvironment environment, string name, int batchSize) =>
        (Host, BatchSize, Lifetime) = (environment.Register(name), batchSize, new NativeLifetime(GetType(), Free));

    /// <summary>Rows can be mapped one by one.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>How long its native memory lives.</summary>
    internal NativeLifetime Lifetime { get; }

    /// <summary>How many rows are computed together.</summary>
    internal int BatchSize { get; }

    private protected IHost Host { get; }

    /// <summary>The schema of transformed data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <summary>Adds the columns, lazily.</summary>
    /// <remarks>
    /// Rows are computed by batches, and matrix products of other sizes round otherwise: a row's numbers may differ in the last bits
    /// (about 1e-6, relative) with the rows that it shares a batch with, so between a shuffled and an unshuffled view, and between a view
    /// and a prediction engine. The same rows in the same order give the same bits. Where the execution of the context is cancelled while
    /// rows are read, as AutoML does when time is over, the next batch ends with an
    /// <see cref="OperationCanceledException"/>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BatchedView(Host, input, Mapper(input.Schema), BatchSize);
    }

    /// <summary>Maps single rows, as prediction engines need it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new BatchedRowMapper(Mapper(inputSchema));

    /// <summary>Frees the native memory, after the last prediction that is under way; does not wait for it.</summary>
    public void Dispose()
    {
        Lifetime.End();
        GC.SuppressFinalize(this);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        using NativeLifetime.Use use = Lifetime.Begin();
        Save(ctx);
    }

    private protected void ThrowIfDisposed() => Lifetime.ThrowIfEnded();

    private protected abstract BatchMapper NewMapper(DataViewSchema inputSchema);

    private protected abstract void Save(ModelSaveContext context);

    private protected abstract void Free();

    private BatchMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ThrowIfDisposed();
        return NewMapper(inputSchema);
    }
}

using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Rows that are computed together. Used by one thread at a time.</summary>
/// <remarks>
/// Compute in the getters, once for the whole batch when the first one is called: then a column that nobody reads costs nothing, also where
/// the reader had to declare all columns active, as a prediction engine does.
/// </remarks>
/// <param name="lifetime">That of what rows are computed with.</param>
internal abstract class RowBatch(NativeLifetime lifetime) : IDisposable
{
    private NativeLifetime.Hold? _hold;

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes in what is needed of the input's present row, which moves on afterwards.</summary>
    /// <remarks>A row that could not be read is not there.</remarks>
    public void Add()
    {
        Read(Count);
        Count++;
    }

    /// <summary>Forgets rows and results.</summary>
    public void Clear()
    {
        Count = 0;
        Forget();
    }

    /// <summary>Keeps what rows are computed with, so that either all getters have an answer or none has.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Keep()
    {
        Release();
        _hold = lifetime.Keep();
    }

    /// <summary>Keeps it no longer.</summary>
    public void Release() => _hold?.Release();

    /// <summary>Makes a getter, a <c>ValueGetter</c> of the column's type.</summary>
    /// <param name="added">Which of the added columns, from 0.</param>
    /// <param name="slot">Tells which row of the batch is meant.</param>
    public abstract Delegate NewGetter(int added, Func<int> slot);

    /// <inheritdoc/>
    public virtual void Dispose() => Release();

    /// <summary>Begins to compute.</summary>
    /// <exception cref="ObjectDisposedException">What rows are computed with was disposed, and is not kept.</exception>
    protected NativeLifetime.Use Begin() => lifetime.Begin(_hold);

    /// <summary>Copies the values that are needed from the input's present row.</summary>
    /// <param name="slot">Where in the batch the row stands.</param>
    protected abstract void Read(int slot);

    /// <summary>Forgets what was computed.</summary>
    protected abstract void Forget();
}

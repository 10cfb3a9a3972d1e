namespace Microsoft.ML.Gmt.Extensions;

/// <summary>A value that many use, and that is disposed when its owner has let go of it and the last use has ended.</summary>
/// <param name="value">The value.</param>
internal sealed class SharedValue<T>(T value)
    where T : IDisposable
{
    // The owner counts as one.
    private int _uses = 1;

    private T Value => value;

    /// <summary>Begins a use; null where the value is disposed, or is about to be.</summary>
    public Lease? TryTake()
    {
        int uses = Volatile.Read(ref _uses);
        while (uses > 0)
        {
            int seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
            {
                return new Lease(this);
            }

            uses = seen;
        }

        return null;
    }

    /// <summary>Lets go of it, once.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            Value.Dispose();
        }
    }

    /// <summary>A use of the value.</summary>
    public sealed class Lease : IDisposable
    {
        private SharedValue<T>? _shared;

        internal Lease(SharedValue<T> shared) => (_shared, Value) = (shared, shared.Value);

        /// <summary>The value, until the use ends.</summary>
        public T Value { get; }

        /// <summary>Ends the use; more than once does no harm.</summary>
        public void Dispose() => Interlocked.Exchange(ref _shared, null)?.Release();
    }
}

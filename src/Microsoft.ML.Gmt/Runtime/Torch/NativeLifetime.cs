namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// How long native memory lives that many threads use: until its owner has let go of it and the last use that began before has ended.
/// Nobody waits for anybody.
/// </summary>
/// <param name="owner">The owner's type, for messages.</param>
/// <param name="free">Frees the memory; called once, by the owner or by whoever ends the last use.</param>
internal sealed class NativeLifetime(Type owner, Action free)
{
    private const int Ended = 1, OneUse = 2;

    // Twice the number of uses, and one more when the owner has let go: both change in one step.
    private int _state;

    /// <summary>For memory that whoever uses it owns.</summary>
    public static NativeLifetime Endless { get; } = new(typeof(NativeLifetime), () => { });

    /// <summary>Begins a computation, with this library's own modes of libtorch on the present thread.</summary>
    /// <param name="hold">Where it is not released, the computation is part of what it was made for, and may begin after the end.</param>
    /// <exception cref="ObjectDisposedException">The owner has let go of the memory.</exception>
    public Use Begin(Hold? hold = null)
    {
        Enter(hold is { IsReleased: false });
        return new Use(this);
    }

    /// <summary>Keeps the memory for several computations that belong together.</summary>
    /// <exception cref="ObjectDisposedException">The owner has let go of the memory.</exception>
    public Hold Keep()
    {
        Enter(isPartOfUse: false);
        return new Hold(this);
    }

    /// <summary>Lets go of the memory; more than once does no harm.</summary>
    public void End()
    {
        if (Interlocked.Or(ref _state, Ended) == 0)
        {
            free();
        }
    }

    /// <exception cref="ObjectDisposedException">The owner has let go of the memory.</exception>
    public void ThrowIfEnded() => ObjectDisposedException.ThrowIf((Volatile.Read(ref _state) & Ended) != 0, owner);

    private void Enter(bool isPartOfUse)
    {
        int state = Volatile.Read(ref _state);
        while (true)
        {
            bool isEnded = (state & Ended) != 0, isThere = !isEnded || state > Ended;
            ObjectDisposedException.ThrowIf(!isThere || (isEnded && !isPartOfUse), owner);
            int seen = Interlocked.CompareExchange(ref _state, state + OneUse, state);
            if (seen == state)
            {
                return;
            }

            state = seen;
        }
    }

    private void Leave()
    {
        if (Interlocked.Add(ref _state, -OneUse) == Ended)
        {
            free();
        }
    }

    /// <summary>A computation under way; disposed by the thread that began it.</summary>
    public sealed class Use : IDisposable
    {
        private readonly NativeLifetime _lifetime;
        private readonly IDisposable _modes;

        internal Use(NativeLifetime lifetime)
        {
            _lifetime = lifetime;
            try
            {
                _modes = TorchModes.Own();
            }
            catch
            {
                lifetime.Leave();
                throw;
            }
        }

        /// <summary>Ends it.</summary>
        public void Dispose()
        {
            _modes.Dispose();
            _lifetime.Leave();
        }
    }

    /// <summary>Keeps the memory until it is released, by any thread.</summary>
    public sealed class Hold
    {
        private readonly NativeLifetime _lifetime;
        private int _isReleased;

        internal Hold(NativeLifetime lifetime) => _lifetime = lifetime;

        /// <summary>Whether it was released.</summary>
        public bool IsReleased => Volatile.Read(ref _isReleased) != 0;

        /// <summary>Keeps it no longer; more than once does no harm.</summary>
        public void Release()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            {
                _lifetime.Leave();
            }
        }
    }
}

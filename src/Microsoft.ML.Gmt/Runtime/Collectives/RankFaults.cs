namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// What a rank's threads share: the first fault, of which everybody who waits hears, and the lock under which they wait.
/// </summary>
internal sealed class RankFaults
{
    private readonly Lock _hearing = new();
    private readonly object _gate = new();
    private string? _fault;
    private bool _isClosed;

    /// <summary>Called once, by the thread that notes the first fault.</summary>
    public Action<string>? OnFault { get; set; }

    /// <summary>The first fault, or null.</summary>
    public string? First
    {
        get
        {
            lock (_gate)
            {
                return _fault;
            }
        }
    }

    /// <summary>Notes a fault, unless there is one or the run is over, and wakes all who wait.</summary>
    public void Note(string fault)
    {
        lock (_hearing)
        {
            lock (_gate)
            {
                if (_fault is not null || _isClosed)
                {
                    return;
                }

                _fault = fault;
                Monitor.PulseAll(_gate);
            }

            OnFault?.Invoke(fault);
        }
    }

    /// <summary>Nothing that comes from now on is a fault: the run is over. Whoever is being told of one hears it before.</summary>
    public void Close()
    {
        lock (_hearing)
        {
            Change(() => _isClosed = true);
        }
    }

    /// <summary>Changes what others wait for.</summary>
    public void Change(Action change)
    {
        lock (_gate)
        {
            change();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for a condition.</summary>
    /// <param name="condition">Looked at under the lock; it counts where a fault is there as well.</param>
    /// <param name="time">How long; null for ever.</param>
    /// <returns>Whether it came to hold.</returns>
    /// <exception cref="CollectiveException">A fault came first.</exception>
    public bool Wait(Func<bool> condition, TimeSpan? time = null)
    {
        long end = time is { } given ? Environment.TickCount64 + (long)given.TotalMilliseconds : long.MaxValue;
        lock (_gate)
        {
            while (!condition())
            {
                if (_fault is { } fault)
                {
                    throw new CollectiveException(fault);
                }

                long left = end - Environment.TickCount64;
                if (left <= 0)
                {
                    return false;
                }

                Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue));
            }

            return true;
        }
    }
}

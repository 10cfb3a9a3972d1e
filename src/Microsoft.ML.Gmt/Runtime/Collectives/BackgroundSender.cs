namespace Microsoft.ML.Gmt.Runtime;

/// <summary>A thread that does one thing at a time while its owner does another: sending while receiving.</summary>
internal sealed class BackgroundSender : IDisposable
{
    private readonly object _gate = new();
    private readonly Thread _thread;
    private Action? _work;
    private Exception? _failure;
    private bool _isEnded;

    /// <summary>Starts the thread.</summary>
    public BackgroundSender()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "gmt ring" };
        _thread.Start();
    }

    /// <summary>Gives the thread something to do; <see cref="Wait"/> comes before the next.</summary>
    public void Begin(Action work)
    {
        lock (_gate)
        {
            _work = work;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until it is done.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public void Wait()
    {
        lock (_gate)
        {
            while (_work is not null)
            {
                Monitor.Wait(_gate);
            }

            if (_failure is { } failure)
            {
                throw new IOException(failure.Message, failure);
            }
        }
    }

    /// <summary>Ends the thread; what it sends over must be closed before.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnded = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        while (true)
        {
            Action work;
            lock (_gate)
            {
                while (_work is null)
                {
                    if (_isEnded)
                    {
                        return;
                    }

                    Monitor.Wait(_gate);
                }

                work = _work;
            }

            Exception? failure = null;
            try
            {
                work();
            }
            catch (Exception e)
            {
                failure = e;
            }

            lock (_gate)
            {
                (_work, _failure) = (null, _failure ?? failure);
                Monitor.PulseAll(_gate);
            }
        }
    }
}

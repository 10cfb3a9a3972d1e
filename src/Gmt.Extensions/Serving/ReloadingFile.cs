using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>What is made of a file: loaded on first use, and where the file is watched made anew when it has changed.</summary>
/// <remarks>
/// A change counts once two looks in a row have found the same, so that a file that is being written is not read. What can't be read
/// leaves the last value in use until the file changes again.
/// </remarks>
internal sealed partial class ReloadingFile<T> : IDisposable
    where T : IDisposable
{
    private readonly string _path;
    private readonly TimeSpan? _interval;
    private readonly Func<string, T> _load;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Type _owner;
    private readonly Lock _changing = new(), _starting = new();
    private volatile SharedValue<T>? _current;
    private Task? _loading;
    private FileStamp? _loaded, _lastSeen;
    private ITimer? _timer;
    private bool _isDisposed;

    /// <param name="path">A file, or a folder whose own files count.</param>
    /// <param name="interval">How often to look at it; null for never.</param>
    /// <param name="load">Makes the value; called by one thread at a time.</param>
    /// <param name="logger">Is told of what was loaded, and of what could not be.</param>
    /// <param name="time">The clock.</param>
    /// <param name="owner">What is named to those who use it after it was disposed.</param>
    public ReloadingFile(string path, TimeSpan? interval, Func<string, T> load, ILogger logger, TimeProvider time, Type owner) =>
        (_path, _interval, _load, _logger, _time, _owner) = (Path.GetFullPath(path), interval, load, logger, time, owner);

    /// <summary>
    /// Waits until there is a value. All who wait share one loading; after one that failed, the next call begins another.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting; a loading that has begun goes on for the others.</param>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_current is not null)
        {
            return Task.CompletedTask;
        }

        lock (_starting)
        {
            if (_loading is not { IsCompleted: false })
            {
                _loading = Task.Run(First, CancellationToken.None);
            }

            return _loading.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Begins a use of the newest value, which is loaded where there is none yet.</summary>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public SharedValue<T>.Lease Take()
    {
        while (true)
        {
            if ((_current ?? First()).TryTake() is { } lease)
            {
                return lease;
            }
        }
    }

    /// <summary>Lets go of the value, which is disposed after its last use.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            _isDisposed = true;
            _timer?.Dispose();
            SharedValue<T>? last = _current;
            _current = null;
            last?.Release();
        }
    }

    private SharedValue<T> First()
    {
        lock (_changing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, _owner);
            if (_current is { } other)
            {
                return other;
            }

            _current = Load();
            if (_interval is { } interval)
            {
                _timer = _time.CreateTimer(_ => Look(), null, interval, interval);
            }

            return _current;
        }
    }

    private SharedValue<T> Load()
    {
        _loaded = FileStamp.Of(_path);
        long started = _time.GetTimestamp();
        var value = new SharedValue<T>(_load(_path));
        double seconds = _time.GetElapsedTime(started).TotalSeconds;
        LogLoaded(_path, seconds);
        return value;
    }

    private void Look()
    {
        // A look that takes longer than the interval is the only one.
        if (!_changing.TryEnter())
        {
            return;
        }

        try
        {
            FileStamp? now = FileStamp.Of(_path), before = _lastSeen;
            _lastSeen = now;
            if (_isDisposed || now is null || now == _loaded || now != before)
            {
                return;
            }

            SharedValue<T>? last = _current;
            _current = Load();
            last?.Release();
        }
#pragma warning disable CA1031 // Whatever is wrong with the new file, the old model goes on answering.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogKept(e, _path);
        }
        finally
        {
            _changing.Exit();
        }
    }

    [LoggerMessage(EventId = 2, EventName = "Loaded", Level = LogLevel.Information, Message = "{Path} was loaded in {Seconds:f1} s.")]
    private partial void LogLoaded(string path, double seconds);

    [LoggerMessage(
        EventId = 3, EventName = "Kept", Level = LogLevel.Error,
        Message = "{Path} has changed and could not be loaded; what was loaded before goes on answering. Replace the file.")]
    private partial void LogKept(Exception error, string path);
}

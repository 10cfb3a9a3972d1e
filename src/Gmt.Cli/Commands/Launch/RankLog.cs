using System.Diagnostics;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>What a process writes to both its streams, line by line in a file.</summary>
internal sealed class RankLog : IDisposable
{
    private readonly StreamWriter _file;
    private readonly Lock _writing = new();
    private readonly Queue<string> _last = [];
    private readonly Task _copied;

    /// <summary>Copies from now on; nothing can be typed to the process.</summary>
    public RankLog(Process process, string path)
    {
        process.StandardInput.Close();
        FilePath = path;
        _file = new StreamWriter(path) { AutoFlush = true };
        _copied = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>The last lines.</summary>
    public IReadOnlyList<string> Last(int count)
    {
        lock (_writing)
        {
            return [.. _last.TakeLast(count)];
        }
    }

    /// <summary>Waits until all that the process, which has ended, wrote is in the file.</summary>
    public void Finish() => _copied.Wait();

    /// <inheritdoc/>
    public void Dispose()
    {
        Finish();
        _file.Dispose();
    }

    private async Task CopyAsync(StreamReader reader)
    {
        const int Kept = 20;
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (_writing)
            {
                _file.WriteLine(line);
                _last.Enqueue(line);
                if (_last.Count > Kept)
                {
                    _last.Dequeue();
                }
            }
        }
    }
}

using System.Diagnostics;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>Shows how many of some rows are done; nothing where all are done soon.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="work">What is done with the rows, such as <c>answers</c>.</param>
/// <param name="rows">How many there are; of some that several processes share in batches, about how many this one has.</param>
internal sealed class RowProgress(Terminal terminal, string work, int rows) : IProgress<int>, IDisposable
{
    private readonly ProgressDisplay _display = new(terminal, atOnce: false);
    private readonly long _started = Stopwatch.GetTimestamp();
    private int _done;

    /// <summary>Notes rows that are done now.</summary>
    public void Report(int value)
    {
        _done = Math.Min(_done + value, rows);
        double rate = _done / Math.Max(Stopwatch.GetElapsedTime(_started).TotalSeconds, 1e-9);
        TimeSpan left = TimeSpan.FromSeconds(Math.Min((rows - _done) / rate, 1e9));
        _display.Show(_done, rows, () => $"{work}  row {_done}/{rows}  {ProgressDisplay.Rate(rate, left)}");
    }

    /// <summary>Writes a line of the results; the bar makes room for it.</summary>
    public void WriteResult(string line) => _display.WriteResult(line);

    /// <summary>Takes the bar away.</summary>
    public void Dispose() => _display.Dispose();
}

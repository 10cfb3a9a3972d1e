using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Writes a line for each step as soon as it is made; at most a second of them is lost where the process is killed.</summary>
internal sealed class LineTracker : TrainingTracker
{
    private const int LongestLine = 4_096;

    private static readonly TimeSpan BetweenFlushes = TimeSpan.FromSeconds(1);

    private readonly ITrackedSteps _steps;
    private readonly TimeProvider _time;
    private readonly FileLock _lock;
    private readonly FileStream _file;
    private long? _lastStep;
    private long _lastLine;
    private long _flushed;

    /// <summary>Opens the file.</summary>
    /// <param name="path">Where it is, or will be.</param>
    /// <param name="steps">What lines look like.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="GmtFileException">It holds something else.</exception>
    /// <exception cref="IOException">It cannot be opened, or another run writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public LineTracker(string path, ITrackedSteps steps, TimeProvider? time = null)
    {
        (_steps, _time) = (steps, time ?? TimeProvider.System);
        string full = Path.GetFullPath(path);
        _lock = FileLock.TryTake(full + ".lock") ?? throw new IOException(
            $"'{path}' is written by another training run; name another file.");
        try
        {
            _file = new FileStream(full, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            _flushed = _time.GetTimestamp();
            if (_file.Length > 0 && !IsOurs(ReadLine()))
            {
                _file.Dispose();
                throw new GmtFileException(
                    $"'{path}' is there already and does not begin as the log of a training run does; name another file, or remove it.");
            }
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    private protected override void Write(TrainingProgress value)
    {
        bool isAgain = value.IsValidation && _lastStep == value.Step;
        if (isAgain)
        {
            // The line of the step that was validated gets the figure.
            _file.SetLength(_lastLine);
        }
        else if (_lastStep is null || value.Step <= _lastStep)
        {
            Begin(value.Step);
        }

        (_lastStep, _lastLine) = (value.Step, _file.Position);
        WriteLine(_steps.Line(value, _time.GetUtcNow()));
        if (_time.GetElapsedTime(_flushed) >= BetweenFlushes)
        {
            _file.Flush();
            _flushed = _time.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    private protected override void Close()
    {
        Try(_file.Flush);
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // What could not be written was noted before; the file is closed.
        }

        _lock.Dispose();
    }

    private bool IsOurs(string? line) =>
        line is not null && (_steps.Header is { } header ? line == header : _steps.StepOf(line) is not null);

    /// <summary>Keeps what is of steps before the first one of this run, and cuts off the rest, such as half a line.</summary>
    private void Begin(long firstStep)
    {
        _file.Position = 0;
        long end = 0;
        bool isHeader = _steps.Header is not null;
        while (ReadLine() is { } line && (isHeader ? line == _steps.Header : _steps.StepOf(line) < firstStep))
        {
            isHeader = false;
            end = _file.Position;
        }

        _file.SetLength(end);
        _file.Position = end;
        if (end == 0 && _steps.Header is { } header)
        {
            WriteLine(header);
        }
    }

    /// <summary>The next line that has an end; null after the last, and where it is too long for a step.</summary>
    private string? ReadLine()
    {
        using MemoryStream line = new();
        for (int next; (next = _file.ReadByte()) >= 0 && line.Length < LongestLine; line.WriteByte((byte)next))
        {
            if (next == '\n')
            {
                return Encoding.UTF8.GetString(line.GetBuffer().AsSpan(0, (int)line.Length));
            }
        }

        return null;
    }

    private void WriteLine(string line) => _file.Write(Encoding.UTF8.GetBytes(line + "\n"));
}

using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Ctrl-C or a request to terminate: the first asks the work to end well, the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TextWriter _error;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _requests;

    /// <summary>Listens from now on.</summary>
    /// <param name="error">Where the first request is acknowledged.</param>
    public Interruption(TextWriter error)
    {
        _error = error;
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle));
    }

    private Interruption() => _error = TextWriter.Null;

    /// <summary>Nobody interrupts: for commands that are called by other code.</summary>
    public static Interruption None => new();

    /// <summary>Set by the first request.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the work can end well: only then is the first request more than the end.</summary>
    public bool IsHeeded { get; set; }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        // Left alone, the signal ends the process.
        if (!IsHeeded || Interlocked.Increment(ref _requests) > 1)
        {
            return;
        }

        context.Cancel = true;
        _error.WriteLine();
        _error.WriteLine("stopping after this step; once more stops at once");
        _source.Cancel();
    }
}

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>A token that is cancelled by the caller's own, or when the execution of the context is, which has to be asked for.</summary>
internal sealed class HostCancellation : IDisposable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _source;
    private readonly Timer _timer;

    public HostCancellation(IHostEnvironment environment, CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (MlNetInternals.IsCanceled(environment))
        {
            _source.Cancel();
        }

        _timer = new Timer(
            _ =>
            {
                if (MlNetInternals.IsCanceled(environment))
                {
                    _source.Cancel();
                }
            },
            null,
            AskEvery,
            AskEvery);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        using (var ended = new ManualResetEvent(false))
        {
            // A last question may be under way, and must not find the source disposed.
            if (_timer.Dispose(ended))
            {
                ended.WaitOne();
            }
        }

        _source.Dispose();
    }
}

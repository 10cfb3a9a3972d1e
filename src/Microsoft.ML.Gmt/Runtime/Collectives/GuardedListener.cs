using System.Net;
using System.Net.Sockets;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Listens at a port and hears everybody who connects out at the same time, for a short while each: who says nothing or nonsense is
/// dropped and holds up nobody.
/// </summary>
internal sealed class GuardedListener : IDisposable
{
    private const int MostAtOnce = 1_024;

    private static readonly TimeSpan HearsFor = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly Func<Socket, CancellationToken, Task<bool>> _greet;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    /// <summary>Listens from now on.</summary>
    /// <param name="socket">Bound; owned by this object.</param>
    /// <param name="greet">Hears one out, and says whether it keeps the connection; otherwise that is closed.</param>
    public GuardedListener(Socket socket, Func<Socket, CancellationToken, Task<bool>> greet)
    {
        (_socket, _greet) = (socket, greet);
        _socket.Listen(MostAtOnce);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Ends listening, and all who are being heard out.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _accepting.Wait();
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        HashSet<Task> heard = [];
        while (!_end.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _socket.AcceptAsync(_end.Token).ConfigureAwait(false);
                heard.RemoveWhere(task => task.IsCompleted);
                if (heard.Count >= MostAtOnce)
                {
                    socket.Dispose(); // a rank tries again
                    continue;
                }

                heard.Add(HearAsync(socket));
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
            catch (SocketException)
            {
                // One who hung up before it was accepted, or too many open files: not at full speed.
                await Task.Delay(50).ConfigureAwait(false);
            }
        }

        await Task.WhenAll(heard).ConfigureAwait(false);
    }

    private async Task HearAsync(Socket socket)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(HearsFor);
        bool isKept = false;
        try
        {
            isKept = await _greet(socket, limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Nobody that we know: whatever strangers send must not end the run.
        }
        finally
        {
            if (!isKept)
            {
                socket.Dispose();
            }
        }
    }
}

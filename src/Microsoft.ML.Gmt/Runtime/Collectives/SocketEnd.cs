using System.Net.Sockets;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>How connections end.</summary>
internal static class SocketEnd
{
    /// <summary>Closes a connection from any thread: whoever sends or reads comes back, at both ends.</summary>
    public static void Close(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other end was first.
        }

        socket.Dispose();
    }
}

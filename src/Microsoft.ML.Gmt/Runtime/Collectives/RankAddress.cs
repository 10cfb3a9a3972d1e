using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Finds addresses to listen at and to connect to.</summary>
internal static class RankAddress
{
    /// <summary>A socket of rank 0, bound to the chosen interface, or to the address that the host's name has here.</summary>
    /// <exception cref="CollectiveException">There is no such address here, or the port is taken; the message says what to do.</exception>
    public static Socket BindFirst(RankOptions options)
    {
        SocketException? last = null;
        foreach (IPAddress address in options.Interface.Length > 0 ? [OfInterface(options.Interface)] : Resolve(options.Host))
        {
            try
            {
                return Bind(new IPEndPoint(address, options.Port));
            }
            catch (SocketException e)
            {
                last = e;
            }
        }

        throw new CollectiveException(
            last is { SocketErrorCode: SocketError.AddressAlreadyInUse }
                ? $"Port {options.Port} is taken, at which rank 0 listens; set MASTER_PORT to a free one in all ranks."
                : $"Rank 0 cannot listen at '{options.Host}', port {options.Port} (MASTER_ADDR, MASTER_PORT): {last?.Message}. "
                + "Set GMT_INTERFACE to the name or address of the network interface to listen at.",
            last);
    }

    /// <summary>A socket bound to an address.</summary>
    public static Socket Bind(IPEndPoint place)
    {
        Socket socket = new(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // As servers do: connections of a run just over do not keep the port. On Windows it would mean sharing the port.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }

            socket.Bind(place);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Where a rank listens for its predecessor in the ring.</summary>
    /// <param name="options">May choose an interface.</param>
    /// <param name="towardsFirst">The address of this rank on its connection to rank 0, or rank 0's own.</param>
    public static IPAddress OfRing(RankOptions options, IPAddress towardsFirst) =>
        options.Interface.Length > 0 && OfInterface(options.Interface) is var chosen
            && !chosen.Equals(IPAddress.Any) && !chosen.Equals(IPAddress.IPv6Any) ? chosen : towardsFirst;

    /// <summary>The addresses of a host, IPv4 before IPv6.</summary>
    /// <exception cref="CollectiveException">It has none.</exception>
    public static IPAddress[] Resolve(string host)
    {
        try
        {
            return [.. Dns.GetHostAddresses(host).OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)];
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new CollectiveException($"'{host}' (MASTER_ADDR), the host of rank 0, is not known: {e.Message}", e);
        }
    }

    /// <summary>The address of a network interface, given by its name or as an address.</summary>
    /// <exception cref="CollectiveException">There is no such interface.</exception>
    public static IPAddress OfInterface(string name)
    {
        if (IPAddress.TryParse(name, out IPAddress? given))
        {
            return given;
        }

        NetworkInterface[] all = NetworkInterface.GetAllNetworkInterfaces();
        return all.Where(network => network.Name == name)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(address => address.Address)
            .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).FirstOrDefault()
            ?? throw new CollectiveException(
                $"GMT_INTERFACE is '{name}'; there is no network interface of this name with an address. There are "
                + $"{string.Join(", ", all.Select(network => network.Name))}.");
    }
}

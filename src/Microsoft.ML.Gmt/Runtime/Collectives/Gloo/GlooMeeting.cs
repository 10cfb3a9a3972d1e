using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>How ranks are connected by Gloo.</summary>
/// <remarks>
/// They exchange addresses in a store of c10d: one over TCP, which rank 0 keeps as long as the group lives, at a free port of the address
/// at which it listens, or a file that all see. Gloo listens at a port of each rank's address, as long as well. Neither asks who connects.
/// </remarks>
internal sealed class GlooMeeting : IEngineMeeting
{
    private static readonly TimeSpan MostToConnect = TimeSpan.FromSeconds(30); // all are there

    private readonly ICollective _ranks;
    private readonly RankOptions _options;
    private readonly IPAddress _own;
    private readonly IPAddress _first;
    private readonly TrafficCount _traffic;
    private readonly string? _file;
    private Socket? _listening;
    private nint _group;

    /// <param name="ranks">The ranks, who can gather and broadcast.</param>
    /// <param name="options">Which rank this is.</param>
    /// <param name="own">The address at which this rank listens.</param>
    /// <param name="first">Where this rank reaches rank 0.</param>
    /// <param name="traffic">Counts what is sent.</param>
    public GlooMeeting(ICollective ranks, RankOptions options, IPAddress own, IPAddress first, TrafficCount traffic)
    {
        (_ranks, _options, _own, _first, _traffic) = (ranks, options, own, first, traffic);
        _file = options.Rank == 0 && options.StoreFolder.Length > 0
            ? Path.Combine(Path.GetFullPath(options.StoreFolder), $"gmt-{RandomNumberGenerator.GetHexString(16, lowercase: true)}.store")
            : null;
    }

    /// <inheritdoc/>
    public string? Refusal() => _own.Equals(IPAddress.Any) || _own.Equals(IPAddress.IPv6Any)
        ? $"GMT_INTERFACE is {_own}, and Gloo listens at one address: name an interface" : C10dLibrary.Refusal;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_group != 0)
        {
            C10dLibrary.Free(_group);
        }

        _listening?.Dispose();
        if (File.Exists(_file))
        {
            File.Delete(_file);
        }
    }

    /// <inheritdoc/>
    public string? Connect()
    {
        string store = "", problem = "rank 0 has no store";
        try
        {
            store = _options.Rank > 0 ? "" : _file is null ? Listen() : MakeFile(_file);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }

        store = Encoding.UTF8.GetString(_ranks.Broadcast(Encoding.UTF8.GetBytes(store)));
        return store.Length == 0 ? problem : EngineTrial.Problem(() => _group = Connect(store));
    }

    /// <inheritdoc/>
    public string? Try() => EngineTrial.Sum(_options.Rank, _options.Size, values => C10dLibrary.Sum(_group, values));

    /// <inheritdoc/>
    public IRankSum Take() => new GlooSum(_ranks, Interlocked.Exchange(ref _group, 0), _traffic);

    private static string MakeFile(string path)
    {
        File.WriteAllBytes(path, []);
        return path;
    }

    private string Listen()
    {
        _listening = RankAddress.Bind(new IPEndPoint(_own, 0));
        _listening.Listen();
        return $"{((IPEndPoint)_listening.LocalEndPoint!).Port}";
    }

    private unsafe nint Connect(string store)
    {
        bool isPort = int.TryParse(store, NumberStyles.None, CultureInfo.InvariantCulture, out int port);
        if (!isPort && !Directory.Exists(Path.GetDirectoryName(store)))
        {
            throw new IOException($"rank 0 exchanges addresses in '{store}', whose folder is not here (GMT_COLLECTIVE_STORE)");
        }

        TimeSpan toConnect = _options.Timeout < MostToConnect ? _options.Timeout : MostToConnect;
        fixed (byte* address = Text(_own), host = Text(_first), file = Text(store))
        {
            return C10dLibrary.Connect(new GlooOptions
            {
                Rank = _options.Rank,
                Size = _options.Size,
                Address = address,
                File = isPort ? null : file,
                Host = host,
                Port = port,
                Listening = _listening is null ? -1 : (int)_listening.Handle,
                ConnectMilliseconds = (long)toConnect.TotalMilliseconds,
                SumMilliseconds = (long)_options.Timeout.TotalMilliseconds,
            });
        }
    }

    private static byte[] Text(object value) => Encoding.UTF8.GetBytes($"{value}\0");
}

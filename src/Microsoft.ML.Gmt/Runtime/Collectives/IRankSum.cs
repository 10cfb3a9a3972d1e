namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Sums values over the ranks of a run.</summary>
internal interface IRankSum : IDisposable
{
    /// <summary>Replaces values by their sums over all ranks; see <see cref="ICollective.AllReduce"/>.</summary>
    /// <param name="values">The values.</param>
    /// <param name="call">The call's number.</param>
    /// <exception cref="IOException">A connection broke, or another rank is at another call.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">A connection broke.</exception>
    public void AllReduce(Memory<float> values, long call);

    /// <summary>The run has failed: whoever waits in a sum should come back, if the engine can be told so.</summary>
    public void Close();
}

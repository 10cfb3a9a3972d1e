namespace Microsoft.ML.Gmt.Runtime;

/// <summary>What the processes of one run, the ranks, do together. Every rank makes the same calls in the same order.</summary>
/// <remarks>
/// <para>Calls block until their result is there and come from one thread at a time. Results are the same bits in all ranks, and in two
/// runs with the same number of ranks, values and calls.</para>
/// <para>Where a rank fails or ends, every call of every other one, the one that waits too, throws a
/// <see cref="CollectiveException"/>.</para>
/// </remarks>
internal interface ICollective : IDisposable
{
    /// <summary>This process's number, from 0.</summary>
    public int Rank { get; }

    /// <summary>How many there are.</summary>
    public int Size { get; }

    /// <summary>Bytes that this rank has sent to others, with all that frames them.</summary>
    public long BytesSent { get; }

    /// <summary>Replaces values by their sums over all ranks, in fp32.</summary>
    /// <remarks>
    /// The order in which values are added is the engine's (<see cref="CollectiveEngine"/>), and depends on nothing but their number and
    /// that of ranks. Whoever needs a stated one gathers the values and adds them.
    /// </remarks>
    /// <param name="values">As many in every rank.</param>
    public void AllReduce(Memory<float> values);

    /// <summary>Gives rank 0's value to all.</summary>
    /// <param name="value">The value; of no meaning in other ranks.</param>
    /// <returns>Rank 0's.</returns>
    public byte[] Broadcast(ReadOnlySpan<byte> value);

    /// <summary>Gives all values to rank 0.</summary>
    /// <param name="value">This rank's, of any length.</param>
    /// <returns>In rank 0 the values in the order of ranks; empty in the others.</returns>
    public IReadOnlyList<byte[]> Gather(ReadOnlySpan<byte> value);

    /// <summary>Waits until every rank is here.</summary>
    public void Barrier();

    /// <summary>Ends the run of all ranks, because of a failure in this one; disposing without <see cref="Leave"/> does so too.</summary>
    /// <param name="reason">What the others are told.</param>
    public void Abort(string reason);

    /// <summary>Waits until every rank is at its end; only disposing comes after.</summary>
    public void Leave();
}

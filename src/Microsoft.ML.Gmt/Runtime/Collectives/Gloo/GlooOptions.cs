using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary><c>gmt_c10d_options</c> of <c>src/Gmt.Native/include/gmt_c10d.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GlooOptions
{
    /// <summary>This rank.</summary>
    public int Rank;

    /// <summary>How many there are.</summary>
    public int Size;

    /// <summary>Where this rank listens for the others' connections.</summary>
    public byte* Address;

    /// <summary>The file of the store, or null.</summary>
    public byte* File;

    /// <summary>Where rank 0 keeps the store over TCP.</summary>
    public byte* Host;

    /// <summary>The port of that store.</summary>
    public int Port;

    /// <summary>In rank 0 the socket that listens there, else -1.</summary>
    public int Listening;

    /// <summary>How long ranks wait for each other at the beginning.</summary>
    public long ConnectMilliseconds;

    /// <summary>How long they wait for each other in a sum.</summary>
    public long SumMilliseconds;
}

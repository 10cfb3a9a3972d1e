using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>How rows are masked: <c>gmt_dropout</c> of <c>gmt.h</c>, which says what the mask is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RowDropout
{
    /// <summary>The key of each row; null where nothing is dropped.</summary>
    public ulong* RowKeys;

    /// <summary>The mask's seed.</summary>
    public ulong Seed;

    /// <summary>The probability times 2³²; 0 drops nothing.</summary>
    public uint Threshold;

    /// <summary>1 / (1 − probability).</summary>
    public float Scale;
}

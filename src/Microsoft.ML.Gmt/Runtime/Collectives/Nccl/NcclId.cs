namespace Microsoft.ML.Gmt.Runtime;

/// <summary><c>ncclUniqueId</c>: by it ranks of NCCL find each other.</summary>
internal unsafe struct NcclId
{
    /// <summary>How long it is.</summary>
    public const int Length = 128;

    /// <summary>Its content.</summary>
    public fixed byte Bytes[Length];
}

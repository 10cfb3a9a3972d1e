namespace Microsoft.ML.Gmt.Runtime;

/// <summary>What sums values over ranks; everything else they say to each other goes over our own connections.</summary>
internal enum CollectiveEngine
{
    /// <summary>Our own ring over TCP (<see cref="RankRing"/>), which runs everywhere.</summary>
    Managed,

    /// <summary>Gloo inside libtorch (<see cref="GlooSum"/>); a rank that has none of it ends the run.</summary>
    Gloo,

    /// <summary>NCCL (<see cref="NcclSum"/>), on GPUs; a rank that has none of it ends the run.</summary>
    Nccl,

    /// <summary>Gloo where all ranks have it, else our own.</summary>
    Auto,
}

namespace Microsoft.ML.Gmt;

/// <summary>What ML.NET writes before a transformer's own data, and checks before it reads them.</summary>
/// <param name="Signature">Eight characters that say what the data are.</param>
/// <param name="LoaderSignature">The name by which the loader is found; at most 24 characters.</param>
/// <param name="Version">The version that is written, 0x0001000N.</param>
/// <param name="ReadableFrom">The oldest version whose reader understands what is written.</param>
internal sealed record ModelFormat(string Signature, string LoaderSignature, uint Version, uint ReadableFrom)
{
    /// <summary>The first version, which is still read.</summary>
    public const uint First = 0x00010001;

    /// <summary>
    /// From this version on a list of hashes stands among the files (<see cref="Runtime.Manifest"/>). It differs from the first in two
    /// bits, so no single one makes a model with a list one without.
    /// </summary>
    public const uint WithManifest = 0x00010002;

    /// <summary>From this version on the graph may stand in the folder of another transformer (<see cref="SharedGraphs"/>).</summary>
    public const uint WithSharedGraph = 0x00010003;
}

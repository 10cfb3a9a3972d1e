using System.Security.Cryptography;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>The identity of weights: SHA-256 of the <see cref="TensorHashes"/> of all parameters, in their order.</summary>
/// <remarks>It reads every byte, which a model of 4.5 GB notices: ask only where a checkpoint is written or resumed.</remarks>
internal static class WeightHash
{
    /// <summary>The first digits of the hash, hexadecimal.</summary>
    public static string Of(IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        byte[][] hashes = TensorHashes.Of([.. parameters.Select(pair => KeyValuePair.Create<string, Tensor>(pair.Name, pair.Parameter))]);
        return ShortHash.Text(SHA256.HashData([.. hashes.SelectMany(hash => hash)]));
    }
}

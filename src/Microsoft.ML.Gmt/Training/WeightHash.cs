using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// The identity of weights: SHA-256 of each parameter's name, type, shape and every byte, and SHA-256 of all these in their order.
/// </summary>
/// <remarks>
/// Parameters are hashed in parallel, mapped ones without a copy. Every byte is read once; with the processor's instructions for it SHA-256
/// takes some 1.6 GB a second and thread, which a model of 4.5 GB notices: ask only where a checkpoint is written or resumed.
/// </remarks>
internal static class WeightHash
{
    /// <summary>The first digits of the hash, hexadecimal.</summary>
    public static string Of(IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        (string Name, Parameter Parameter)[] all = [.. parameters];
        byte[][] hashes = new byte[all.Length][];

        // The largest first, so that no thread is left with one at the end.
        int[] order = [.. Enumerable.Range(0, all.Length).OrderByDescending(i => all[i].Parameter.numel())];
        Parallel.ForEach(order, i => hashes[i] = Hash(all[i].Name, all[i].Parameter));
        return ShortHash.Text(SHA256.HashData([.. hashes.SelectMany(hash => hash)]));
    }

    private static byte[] Hash(string name, Parameter parameter)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{name} {parameter.dtype} [{string.Join(", ", parameter.shape)}]\n"));
        NativeTensor.ForEachPart(parameter.detach().cpu().contiguous(), hash.AppendData);
        return hash.GetHashAndReset();
    }
}

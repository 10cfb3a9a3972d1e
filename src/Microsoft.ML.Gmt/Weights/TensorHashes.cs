using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// SHA-256 of tensors: of name, type, shape and every byte. In a safetensors file of ours they stand in the header, an entry for each
/// tensor.
/// </summary>
/// <remarks>
/// Tensors are hashed in parallel unless they are small, mapped ones without a copy. Every byte is read once; with the processor's
/// instructions for it SHA-256 takes some 1.6 GB a second and thread.
/// </remarks>
internal static class TensorHashes
{
    private const string Prefix = "sha256 ";

    /// <summary>So many bytes are hashed sooner than threads are waited for.</summary>
    private const long WorthThreads = 1 << 20;

    /// <summary>The hash of each tensor, in their order.</summary>
    public static byte[][] Of(IReadOnlyList<KeyValuePair<string, Tensor>> tensors)
    {
        byte[][] hashes = new byte[tensors.Count][];
        if (tensors.Sum(pair => pair.Value.numel() * pair.Value.ElementSize) < WorthThreads)
        {
            for (int i = 0; i < hashes.Length; i++)
            {
                hashes[i] = Hash(tensors[i].Key, tensors[i].Value);
            }

            return hashes;
        }

        // The largest first, so that no thread is left with one at the end.
        int[] order = [.. Enumerable.Range(0, tensors.Count).OrderByDescending(i => tensors[i].Value.numel())];
        Parallel.ForEach(order, i => hashes[i] = Hash(tensors[i].Key, tensors[i].Value));
        return hashes;
    }

    /// <summary>Puts the hash of each tensor into the metadata that are written with them.</summary>
    public static void Add(IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IDictionary<string, string> metadata)
    {
        byte[][] hashes = Of(tensors);
        for (int i = 0; i < hashes.Length; i++)
        {
            metadata.Add(Prefix + tensors[i].Key, Convert.ToHexStringLower(hashes[i]));
        }
    }

    /// <summary>Refuses a file whose tensors are not those that were written.</summary>
    /// <exception cref="WeightFileException">A tensor has another hash or none, or is missing; the message names it.</exception>
    public static void Check(SafetensorsFile file)
    {
        using var scope = NewDisposeScope();
        KeyValuePair<string, Tensor>[] tensors = [.. file.Names.Select(name => KeyValuePair.Create(name, file.Get(name)))];
        byte[][] hashes = Of(tensors);
        for (int i = 0; i < hashes.Length; i++)
        {
            string name = tensors[i].Key;
            if (!file.Metadata.TryGetValue(Prefix + name, out string? recorded))
            {
                throw Fault(file, "no SHA-256 is recorded for the tensor; the file is damaged or was not written by this library.", name);
            }

            if (recorded != Convert.ToHexStringLower(hashes[i]))
            {
                throw Fault(
                    file, "the tensor is not the one that was written: its SHA-256 is another than recorded. The file is damaged.", name);
            }
        }

        IEnumerable<string> recordedNames = file.Metadata.Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(key => key[Prefix.Length..]);
        if (recordedNames.FirstOrDefault(name => !file.Contains(name)) is { } missing)
        {
            throw Fault(file, "the tensor is missing, although its SHA-256 is recorded. The file is damaged.", missing);
        }
    }

    private static WeightFileException Fault(SafetensorsFile file, string problem, string name) =>
        new(file.Path, problem, name, remedy: "Take an undamaged copy, or begin anew without it.");

    private static byte[] Hash(string name, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{name} {tensor.dtype} [{string.Join(", ", tensor.shape)}]\n"));
        NativeTensor.ForEachPart(tensor.detach().cpu().contiguous(), hash.AppendData);
        return hash.GetHashAndReset();
    }
}

using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// Reads files of <c>torch.save</c> (<c>.pth</c>, <c>.pt</c>, <c>.ckpt</c>, <c>.bin</c>) as data. Nothing in them is ever executed: a file
/// that refers to anything but the few names that tensors and dictionaries need is refused.
/// </summary>
/// <remarks>
/// Both formats are read: the zip archive of PyTorch 1.6 and later, and the one before it. Tensors are private views of the mapped file
/// with the strides they were saved with; changing one in place never changes the file, and the mapping lives until the last of them is
/// disposed. Tensors that shared a storage share memory. Where the archive records CRC-32 checksums they are compared, those of tensor data
/// when the first tensor of a storage is taken; PyTorch compares none. Memory is bounded by the file's size: no count that a file claims
/// is believed before the file is known to hold as much.
/// </remarks>
internal static class TorchFile
{
    /// <summary>Reads the whole object that was saved.</summary>
    /// <param name="path">The file.</param>
    /// <returns>
    /// None as null, <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/> (only where it exceeds 64 bits),
    /// <see cref="double"/>, <see cref="string"/>, <see cref="byte"/>[], a <see cref="TorchSharp.torch.Tensor"/>, lists and tuples as
    /// <see cref="IReadOnlyList{T}"/> of such values, dictionaries in their order as <see cref="IReadOnlyDictionary{TKey, TValue}"/> from
    /// <see cref="object"/> (text or a number) to such values. The caller (or its dispose scope) owns the tensors.
    /// </returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">The file is malformed, or refers to what is not allowed.</exception>
    public static object? Load(string path)
    {
        using TorchDocument document = TorchDocument.Open(path);
        return document.Materialize(document.Root);
    }

    /// <summary>Reads a dictionary of named tensors, such as the <c>state_dict()</c> of a module.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">
    /// Where the file holds a dictionary of such dictionaries, the one wanted: <c>"sgm"</c> in <c>{"sgm": state_dict}</c>. Null reads the
    /// outermost.
    /// </param>
    /// <returns>The tensors by name, in the file's order. The caller (or its dispose scope) owns them.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">
    /// The file is malformed, refers to what is not allowed, or holds something else than named tensors there.
    /// </exception>
    public static IReadOnlyDictionary<string, Tensor> LoadStateDict(string path, string? key = null)
    {
        using TorchDocument document = TorchDocument.Open(path);
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        OrderedDictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        foreach ((string name, PickledTensor described) in document.StateDict(key))
        {
            tensors.Add(name, document.Tensor(described));
        }

        foreach (Tensor tensor in tensors.Values)
        {
            tensor.MoveToOuterDisposeScope();
        }

        return tensors;
    }
}

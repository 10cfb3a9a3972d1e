using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// Writes genuine PyTorch checkpoints: the zip archive of PyTorch 1.6 and later, which <c>torch.load(path, weights_only=True)</c> and
/// strict <c>load_state_dict</c> take.
/// </summary>
/// <remarks>
/// Tensors may lie on any device and have any strides; they are written contiguous, without gradients, for the CPU. Tensors over the same
/// memory share a storage in the file (tied weights). Files appear under their name only when they are complete. Equal input gives equal
/// bytes.
/// </remarks>
internal static class TorchFileWriter
{
    /// <summary>Writes named tensors as <c>torch.save(module.state_dict(), path)</c> does: an <c>OrderedDict</c>.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="tensors">Names and tensors in order. They are not disposed.</param>
    /// <param name="key">Where not null, the dictionary is put under this key of an outer one: <c>"sgm"</c> writes <c>{"sgm":
    /// state_dict}</c>.</param>
    /// <param name="modules">
    /// The names of the module and all its submodules as <c>named_modules()</c> lists them, beginning with the empty name; they go into the
    /// attribute <c>_metadata</c>, each with version 1, as PyTorch writes it. Null leaves it out, which loading does not mind.
    /// </param>
    /// <exception cref="ArgumentException">A name occurs twice, or PyTorch's files have no such element type.</exception>
    public static void WriteStateDict(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, string? key = null, IReadOnlyList<string>? modules = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        List<KeyValuePair<string, Tensor>> list = [.. tensors];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((string name, _) in list)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"Tensor name '{name}' occurs twice.", nameof(tensors));
            }
        }

        PickleWriter.StateDict state = new(list, modules);
        Write(path, key is null ? state : new Dictionary<string, object?> { [key] = state });
    }

    /// <summary>Writes a value as <c>torch.save(value, path)</c> does.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="value">
    /// Null, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/>, <see cref="float"/>,
    /// <see cref="double"/>, <see cref="string"/>, <see cref="byte"/>[], a tensor, lists of these, tuples as <see cref="object"/>[], and
    /// dictionaries from text (or <see cref="object"/>) to these, which become a Python <c>dict</c>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The value holds something else, is nested too deeply, or PyTorch's files have no such element type.
    /// </exception>
    public static void Write(string path, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => Write(stream, value, RootName(path)));
    }

    /// <summary>Writes a value to a stream, which need not be seekable and stays open.</summary>
    /// <param name="stream">A writable stream.</param>
    /// <param name="value">The value, as for the other overload.</param>
    /// <param name="rootName">The folder inside the archive; PyTorch calls it after the file, or <c>archive</c>.</param>
    /// <exception cref="ArgumentException">The value holds something that cannot be written.</exception>
    public static void Write(Stream stream, object? value, string rootName = "archive")
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(rootName);
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        WriteArchive(new TorchZipWriter(stream, rootName), value);
    }

    /// <summary>Writes all entries in the order in which PyTorch does.</summary>
    internal static void WriteArchive(TorchZipWriter zip, object? value)
    {
        PickleWriter pickle = new();
        zip.Add("data.pkl", pickle.Write(value));
        zip.Add(".format_version", "1"u8);
        zip.Add(".storage_alignment", "64"u8);
        zip.Add("byteorder", "little"u8);
        for (int i = 0; i < pickle.Storages.Count; i++)
        {
            Tensor storage = pickle.Storages[i];
            string name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"data/{i}");
            zip.Add(name, storage.numel() * storage.element_size(), consume => NativeTensor.ForEachPart(storage, consume));
        }

        zip.Add("version", "3\n"u8);
        zip.Finish();
    }

    // As torch.save: the file's name without its last ending; "archive" where that is not plain ASCII.
    private static string RootName(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        bool plain = name.Length > 0 && name is not ("." or "..")
            && name.All(character => character is > ' ' and < (char)127 and not (':' or '\\'));
        return plain ? name : "archive";
    }
}

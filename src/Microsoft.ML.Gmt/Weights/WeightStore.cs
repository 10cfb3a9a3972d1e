using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// One read-only view of a checkpoint's tensors by name, however they are stored: a safetensors file, a state dict of <c>torch.save</c>,
/// shards of either with an index, or a model folder that holds any of these.
/// </summary>
/// <remarks>
/// Tensors are views of mapped files (see <see cref="SafetensorsFile"/> and <see cref="TorchFile"/>) and stay valid after the store is
/// disposed.
/// Instances may be used by many threads at once.
/// </remarks>
internal sealed class WeightStore : IDisposable
{
    // In the order of preference: safetensors before pickles, shards before a single file, as Hugging Face's loader does.
    private static readonly string[] FolderFiles =
        ["model.safetensors.index.json", "model.safetensors", "pytorch_model.bin.index.json", "pytorch_model.bin"];

    private readonly List<WeightFile> _files = [];
    private readonly Dictionary<string, WeightFile> _holders = new(StringComparer.Ordinal);

    private WeightStore(string path) => Path = path;

    /// <summary>The file or folder as it was given.</summary>
    public string Path { get; }

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _holders.Keys;

    /// <summary>
    /// Opens a <c>.safetensors</c> file, a <c>.bin</c>, <c>.pth</c> or <c>.pt</c> file, an <c>.index.json</c>, or a folder with
    /// <c>model.safetensors</c>, <c>pytorch_model.bin</c> or the index of either; safetensors go first.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="FileNotFoundException">
    /// There is no such file, the folder holds no weights, or a shard that the index names is missing.
    /// </exception>
    /// <exception cref="WeightFileException">A file is malformed, or a shard lacks a tensor that the index promises.</exception>
    public static WeightStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WeightStore store = new(path);
        try
        {
            string file = Directory.Exists(path) ? FindInFolder(path) : path;
            if (file.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase))
            {
                store.OpenShards(file);
            }
            else
            {
                store.OpenSingle(file);
            }

            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>A store of one file that is open already, which is taken over.</summary>
    public static WeightStore Of(WeightFile file)
    {
        WeightStore store = new(file.Path);
        store.Add(file);
        return store;
    }

    /// <summary>Whether the checkpoint holds a tensor of that name.</summary>
    /// <param name="name">The name; case matters.</param>
    public bool Contains(string name) => _holders.ContainsKey(name);

    /// <summary>What the checkpoint says of a tensor: type, shape, place in its file.</summary>
    /// <param name="name">The name; case matters.</param>
    /// <exception cref="KeyNotFoundException">The checkpoint has no such tensor.</exception>
    public StoredTensor Info(string name) => Holder(name).Info(name);

    /// <summary>
    /// The tensor as a view of its mapped file, in the type and shape it has there. The caller (or its dispose scope) owns it.
    /// </summary>
    /// <param name="name">The name; case matters.</param>
    /// <exception cref="KeyNotFoundException">The checkpoint has no such tensor.</exception>
    /// <exception cref="WeightFileException">The tensor's type is one that TorchSharp cannot hold.</exception>
    public Tensor Get(string name) => Holder(name).Get(name);

    /// <summary>Closes the files; tensors taken from them stay valid.</summary>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static string FindInFolder(string folder)
    {
        foreach (string name in FolderFiles)
        {
            string candidate = System.IO.Path.Combine(folder, name);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new FileNotFoundException(
            $"Folder '{folder}' holds no weights: none of {string.Join(", ", FolderFiles)} is there.{ModelFolderContents.Hint(folder)}",
            folder);
    }

    private WeightFile Holder(string name) =>
        _holders.TryGetValue(name, out WeightFile? file) ? file : throw new KeyNotFoundException($"{Path} has no tensor '{name}'.");

    private void OpenSingle(string path) => Add(WeightFile.Open(path));

    private void Add(WeightFile file)
    {
        _files.Add(file);
        foreach (string name in file.Names)
        {
            _holders.Add(name, file);
        }
    }

    private void OpenShards(string index)
    {
        string folder = System.IO.Path.GetDirectoryName(index) ?? "";
        Dictionary<string, WeightFile> shards = new(StringComparer.Ordinal);
        foreach ((string name, string shard) in ShardedIndex.Read(index))
        {
            if (!shards.TryGetValue(shard, out WeightFile? file))
            {
                file = WeightFile.Open(System.IO.Path.Combine(folder, shard));
                _files.Add(file);
                shards.Add(shard, file);
            }

            if (!file.Contains(name))
            {
                throw new WeightFileException(file.Path, $"the index {index} says that this file holds the tensor, but it does not.", name);
            }

            _holders.Add(name, file);
        }
    }
}

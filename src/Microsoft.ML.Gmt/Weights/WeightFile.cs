using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>One file of named tensors, whatever its format.</summary>
internal abstract class WeightFile : IDisposable
{
    public abstract string Path { get; }

    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Opens a safetensors file by its ending, else a file of torch.save.</summary>
    public static WeightFile Open(string path) =>
        path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
            ? new Safetensors(SafetensorsFile.Open(path))
            : new Pickled(TorchDocument.Open(path));

    public abstract bool Contains(string name);

    public abstract StoredTensor Info(string name);

    public abstract Tensor Get(string name);

    public abstract void Dispose();

    private sealed class Safetensors(SafetensorsFile file) : WeightFile
    {
        public override string Path => file.Path;

        public override IReadOnlyList<string> Names => file.Names;

        public override bool Contains(string name) => file.Contains(name);

        public override StoredTensor Info(string name) => file.Info(name);

        public override Tensor Get(string name) => file.Get(name);

        public override void Dispose() => file.Dispose();
    }

    private sealed class Pickled : WeightFile
    {
        private readonly TorchDocument _document;
        private readonly OrderedDictionary<string, PickledTensor> _tensors;
        private readonly Lock _lock = new();

        public Pickled(TorchDocument document)
        {
            _document = document;
            try
            {
                _tensors = document.StateDict(key: null);
                Names = [.. _tensors.Keys];
            }
            catch
            {
                document.Dispose();
                throw;
            }
        }

        public override string Path => _document.Path;

        public override IReadOnlyList<string> Names { get; }

        public override bool Contains(string name) => _tensors.ContainsKey(name);

        public override StoredTensor Info(string name) => _document.Info(name, _tensors[name]);

        public override Tensor Get(string name)
        {
            lock (_lock)
            {
                return _document.Tensor(_tensors[name]);
            }
        }

        public override void Dispose() => _document.Dispose();
    }
}

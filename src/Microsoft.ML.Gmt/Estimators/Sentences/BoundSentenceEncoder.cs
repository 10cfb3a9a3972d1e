using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>A sentence encoder that is loaded on first use. Any number of threads may use it.</summary>
/// <param name="folder">Where its files are; taken over.</param>
/// <param name="device">Where it computes.</param>
internal sealed class BoundSentenceEncoder(BaseModelFolder folder, Device device) : IDisposable
{
    private readonly Lock _loading = new();
    private SentenceEncoder? _encoder;

    public BaseModelFolder Folder => folder;

    public bool IsBound => Volatile.Read(ref _encoder) is not null;

    /// <summary>The encoder.</summary>
    /// <exception cref="DirectoryNotFoundException">The model was not found.</exception>
    public SentenceEncoder Get()
    {
        if (Volatile.Read(ref _encoder) is { } encoder)
        {
            return encoder;
        }

        lock (_loading)
        {
            return Load();
        }
    }

    /// <summary>Loads the model from a folder, where it is not loaded already.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder holds another model.</exception>
    public void BindTo(string path)
    {
        lock (_loading)
        {
            folder.BindTo(path);
            Load();
        }
    }

    public void Dispose()
    {
        _encoder?.Dispose();
        folder.Dispose();
    }

    private SentenceEncoder Load()
    {
        if (_encoder is null)
        {
            Volatile.Write(ref _encoder, SentenceEncoder.Load(folder.Path, device));
        }

        return _encoder;
    }
}

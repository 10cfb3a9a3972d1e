using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>A mapped GGUF file: its settings, and its tensors in fp32.</summary>
internal sealed class GgufFile : IDisposable
{
    private const int BlocksAtOnce = 1 << 20;

    private readonly WeightBytes _bytes;
    private readonly Dictionary<string, object> _settings;
    private readonly OrderedDictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    private GgufFile(WeightBytes bytes)
    {
        _bytes = bytes;
        GgufHeader header = GgufHeader.Parse(bytes);
        _settings = new(StringComparer.Ordinal);
        foreach ((string key, object value) in header.Metadata)
        {
            if (!_settings.TryAdd(key, value))
            {
                throw new WeightFileException(bytes.Path, $"the setting '{key}' stands there twice.");
            }
        }

        foreach (StoredTensor tensor in header.Tensors)
        {
            if (!_tensors.TryAdd(tensor.Name, tensor))
            {
                throw new WeightFileException(bytes.Path, "the tensor stands there twice.", tensor.Name);
            }
        }
    }

    /// <summary>The file.</summary>
    public string Path => _bytes.Path;

    /// <summary>The tensors' names, in the file's order.</summary>
    public IReadOnlyList<string> Names => [.. _tensors.Keys];

    /// <summary>Opens a file.</summary>
    /// <exception cref="WeightFileException">The file is malformed, or of a version that is not known.</exception>
    public static GgufFile Open(string path)
    {
        WeightBytes bytes = WeightBytes.Open(path);
        try
        {
            return new GgufFile(bytes);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>What the file says of a tensor.</summary>
    public StoredTensor Info(string name) => _tensors[name];

    /// <summary>A tensor in fp32, as a view of the file where that is its type. The caller (or its dispose scope) owns it.</summary>
    /// <exception cref="WeightFileException">Its type is not read.</exception>
    public Tensor Get(string name)
    {
        StoredTensor stored = _tensors[name];
        long[] shape = [.. stored.Shape];
        using DisposeScope scope = NewDisposeScope();
        if (stored.ElementType is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16)
        {
            int size = stored.ElementType == ScalarType.Float32 ? sizeof(float) : sizeof(ushort);
            Tensor elements = _bytes.Elements(stored.Offset, stored.ByteCount, stored.ElementType.Value, size);
            return elements.to_type(ScalarType.Float32).view(shape).MoveToOuterDisposeScope();
        }

        return GgufBlocks.Types.Contains(stored.StorageType)
            ? Widened(stored).view(shape).MoveToOuterDisposeScope()
            : throw new WeightFileException(
                Path, $"its type {stored.StorageType} is not read; {string.Join(", ", GgufBlocks.Types)}, F32, F16 and BF16 are.", name,
                remedy: "Get the model in one of these, Q8_0 say, or its safetensors files.");
    }

    /// <summary>A setting; null where the file does not say.</summary>
    public object? Setting(string key) => _settings.GetValueOrDefault(key);

    /// <summary>A setting that is a text; null where the file does not say.</summary>
    /// <exception cref="WeightFileException">It is none.</exception>
    public string? Text(string key) => Setting(key) switch
    {
        null => null,
        string text => text,
        var other => throw Fault(key, $"{other}, which is no text."),
    };

    /// <summary>A setting that is a truth value; null where the file does not say.</summary>
    /// <exception cref="WeightFileException">It is none.</exception>
    public bool? Flag(string key) => Setting(key) switch
    {
        null => null,
        bool flag => flag,
        var other => throw Fault(key, $"{other}, which is neither true nor false."),
    };

    /// <summary>A setting that is a whole number from 0 to 2³¹ − 1; null where the file does not say.</summary>
    /// <exception cref="WeightFileException">It is none.</exception>
    public int? Integer(string key) => Setting(key) switch
    {
        null => null,
        uint value when value <= int.MaxValue => (int)value,
        int value and >= 0 => value,
        ushort value => value,
        byte value => value,
        ulong value when value <= int.MaxValue => (int)value,
        long value and >= 0 and <= int.MaxValue => (int)value,
        var other => throw Fault(key, $"{other}, which is no whole number from 0 to {int.MaxValue}."),
    };

    /// <summary>A setting that is a number; null where the file does not say.</summary>
    /// <exception cref="WeightFileException">It is none.</exception>
    public double? Number(string key) => Setting(key) switch
    {
        null => null,
        float value when float.IsFinite(value) => value,
        double value when double.IsFinite(value) => value,
        uint value => value,
        int value => value,
        var other => throw Fault(key, $"{other}, which is no number."),
    };

    /// <summary>A setting that is a list of texts.</summary>
    /// <exception cref="WeightFileException">It is none.</exception>
    public IReadOnlyList<string> Texts(string key)
    {
        GgufArray list = List(key, GgufValueType.String);
        var reader = new GgufReader(_bytes, list.Offset);
        List<string> texts = [];
        for (long i = 0; i < list.Count; i++)
        {
            texts.Add(reader.Text());
        }

        return texts;
    }

    /// <summary>A setting that is a list of 32-bit integers.</summary>
    /// <exception cref="WeightFileException">It is none.</exception>
    public IReadOnlyList<int> Integers(string key)
    {
        GgufArray list = List(key, GgufValueType.Int32);
        return [.. MemoryMarshal.Cast<byte, int>(_bytes.Span(list.Offset, checked((int)list.Count * sizeof(int))))];
    }

    /// <summary>What is said of a setting that makes no sense.</summary>
    public WeightFileException Fault(string key, string problem) => new(Path, $"the setting '{key}' is {problem}");

    /// <summary>Closes the file; tensors taken from it stay valid.</summary>
    public void Dispose() => _bytes.Dispose();

    private GgufArray List(string key, GgufValueType type) => Setting(key) switch
    {
        GgufArray list when list.Type == type => list,
        null => throw Fault(key, $"missing; a list of {type} is needed."),
        var other => throw Fault(key, $"{other}; a list of {type} is needed."),
    };

    private Tensor Widened(StoredTensor stored)
    {
        int blockSize = GgufTensorType.BlockOf(stored.StorageType);
        long blocks = stored.ElementCount / blockSize, blockBytes = blocks == 0 ? 0 : stored.ByteCount / blocks;
        Tensor values = empty([stored.ElementCount], ScalarType.Float32, CPU);
        for (long start = 0; start < blocks; start += BlocksAtOnce)
        {
            int count = (int)Math.Min(BlocksAtOnce, blocks - start);
            using Tensor part = values.narrow(0, start * blockSize, (long)count * blockSize);
            GgufBlocks.Widen(
                stored.StorageType, _bytes.Span(stored.Offset + (start * blockBytes), (int)(count * blockBytes)),
                MemoryMarshal.Cast<byte, float>(part.bytes));
        }

        return values;
    }
}

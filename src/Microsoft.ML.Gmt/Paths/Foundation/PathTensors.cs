using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>The weights of a path model by name, as a file has them, and the file's name for messages.</summary>
internal sealed class PathTensors
{
    // Twenty times as many as ULTRA's checkpoints have; a larger file is no model of this kind.
    private const long MostNumbers = 1 << 24;

    private readonly Dictionary<string, PathTensor> _tensors;

    private PathTensors(string source, Dictionary<string, PathTensor> tensors) => (Source, _tensors) = (source, tensors);

    /// <summary>The file, for messages.</summary>
    public string Source { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyDictionary<string, PathTensor> All => _tensors;

    /// <summary>The tensor of a name.</summary>
    public PathTensor this[string name] => _tensors[name];

    /// <summary>Copies tensors of a model in memory.</summary>
    /// <param name="source">What has them, for messages.</param>
    /// <param name="tensors">The tensors by name; fp32 on the CPU.</param>
    /// <exception cref="WeightFileException">One is not finite.</exception>
    public static PathTensors Of(string source, IEnumerable<KeyValuePair<string, Tensor>> tensors) => new(
        source, tensors.ToDictionary(pair => pair.Key, pair => Copy(source, pair.Key, pair.Value), StringComparer.Ordinal));

    /// <summary>Copies tensors out of a file.</summary>
    /// <param name="source">The file, for messages.</param>
    /// <param name="names">Their names.</param>
    /// <param name="info">What the file says of one.</param>
    /// <param name="get">Gives one; it is disposed here.</param>
    /// <param name="most">How many numbers they may be.</param>
    /// <exception cref="WeightFileException">One holds no floating-point numbers, or not finite ones; or they are too many.</exception>
    public static PathTensors Copy(
        string source, IEnumerable<string> names, Func<string, StoredTensor> info, Func<string, Tensor> get, long most = MostNumbers)
    {
        Dictionary<string, PathTensor> tensors = new(StringComparer.Ordinal);
        long total = 0;
        foreach (string name in names)
        {
            total += info(name).ElementCount;
            if (total > most)
            {
                throw new WeightFileException(
                    source, $"its weights are more than {most:N0} numbers; no path model of this architecture has as many.",
                    name);
            }

            using Tensor stored = get(name);
            tensors.Add(name, Copy(source, name, stored));
        }

        return new PathTensors(source, tensors);
    }

    private static PathTensor Copy(string source, string name, Tensor stored)
    {
        if (!stored.is_floating_point())
        {
            throw new WeightFileException(source, $"floating-point numbers are expected, the file has {stored.dtype}.", name);
        }

        using DisposeScope scope = NewDisposeScope();
        FiniteTensor.Check(stored, source, name);
        Tensor single = stored.detach().to(ScalarType.Float32).contiguous();
        FiniteTensor.Check(single, source, name);
        return new PathTensor([.. single.shape.Select(size => (int)size)], single.data<float>().ToArray());
    }
}

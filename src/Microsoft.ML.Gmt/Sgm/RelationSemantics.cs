using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Relation semantics: one vector for each relation, [R, s], which the semantic graph module starts from. They are read from a file,
/// or drawn where none was given.
/// </summary>
internal static class RelationSemantics
{
    private const string Key = "rel_embeddings";

    /// <summary>Standard deviation of drawn vectors in the reference.</summary>
    internal const double ReferenceSpread = 0.02;

    /// <summary>Reads relation semantics from a file: a bare tensor, or a dictionary with the tensor <c>rel_embeddings</c>.</summary>
    /// <param name="path">A <c>.pt</c>/<c>.pth</c> file of <c>torch.save</c>, or a <c>.safetensors</c> file.</param>
    /// <param name="relationCount">R, the number of relations that the graph has without inverse ones; the file must have as many
    /// rows.</param>
    /// <param name="addInverse">Stacks the vectors twice: relation r + R, the inverse of r, starts from the vector of r.</param>
    /// <returns>[R, s], or [2R, s] with <paramref name="addInverse"/>, in the file's element type, contiguous. The caller owns
    /// it.</returns>
    /// <exception cref="FileNotFoundException">There is no such file; nothing is drawn in its place.</exception>
    /// <exception cref="WeightFileException">
    /// The file is malformed, has no such tensor, or it is not a matrix of floating-point numbers with R rows.
    /// </exception>
    public static Tensor Load(string path, int relationCount, bool addInverse = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(relationCount);
        using DisposeScope scope = NewDisposeScope();
        Tensor stored = path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? FromSafetensors(path) : FromTorchFile(path);
        if (stored.Dimensions != 2 || stored.size(0) != relationCount || !stored.is_floating_point())
        {
            throw new WeightFileException(
                path,
                $"relation semantics must be floating-point numbers [{relationCount}, width], one row a relation; "
                + $"the file has {stored.dtype} [{string.Join(", ", stored.shape)}].",
                Key);
        }

        FiniteTensor.Check(stored, path, Key);

        // A copy, so that the file is free again and its strides do not matter.
        Tensor own = stored.detach().contiguous().clone();
        return WithInverse(own, addInverse).MoveToOuterDisposeScope();
    }

    /// <summary>Draws relation semantics where none were given, from a normal distribution.</summary>
    /// <param name="relationCount">R, the number of relations without inverse ones.</param>
    /// <param name="width">s, the width of a vector.</param>
    /// <param name="generator">The source of the numbers, so that equal seeds give equal vectors.</param>
    /// <param name="addInverse">Stacks the vectors twice, as <see cref="Load"/> does.</param>
    /// <param name="spread">Standard deviation; 0.02, as in the reference.</param>
    /// <returns>[R, s], or [2R, s] with <paramref name="addInverse"/>, fp32. The caller owns it.</returns>
    public static Tensor Draw(
        int relationCount, int width, Generator generator, bool addInverse = false, double spread = ReferenceSpread)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(relationCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(generator);
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        Tensor drawn = randn([relationCount, width], ScalarType.Float32, CPU, generator: generator);
        return WithInverse(drawn * spread, addInverse).MoveToOuterDisposeScope();
    }

    /// <summary>Stacks [R, s] twice to [2R, s] where inverse relations are wanted, else gives it back.</summary>
    /// <param name="semantics">[R, s], for example the relation matrix of a knowledge graph embedding.</param>
    /// <param name="addInverse">Whether to stack.</param>
    public static Tensor WithInverse(Tensor semantics, bool addInverse)
    {
        ArgumentNullException.ThrowIfNull(semantics);
        return addInverse ? cat([semantics, semantics], dim: 0) : semantics;
    }

    private static Tensor FromSafetensors(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Contains(Key)
            ? file.Get(Key)
            : throw new WeightFileException(path, $"the file has no tensor '{Key}'; it has {Some(file.Names)}.", Key);
    }

    private static Tensor FromTorchFile(string path) => TorchFile.Load(path) switch
    {
        Tensor bare => bare,
        IReadOnlyDictionary<object, object?> dictionary
            when dictionary.TryGetValue(Key, out object? value) && value is Tensor tensor => tensor,
        IReadOnlyDictionary<object, object?> dictionary =>
            throw new WeightFileException(
                path, $"the file holds a dictionary without the tensor '{Key}'; it has {Some(dictionary.Keys)}.", Key),
        _ => throw new WeightFileException(path, $"the file holds neither a tensor nor a dictionary with the tensor '{Key}'."),
    };

    private static string Some(IEnumerable<object> names) =>
        string.Join(", ", names.Take(8).Select(name => $"'{name}'").DefaultIfEmpty("nothing"));
}

using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>How <see cref="OpenKeCheckpoint.Load"/> finds out whether a checkpoint is one of ComplEx.</summary>
internal enum OpenKeDetection
{
    /// <summary>By the names of the tensors in the file.</summary>
    TensorNames,

    /// <summary>By the path alone, as the reference does: ComplEx if "complex", in lower case, occurs anywhere in it.</summary>
    Path,
}

/// <summary>
/// Entity and relation vectors of a knowledge graph embedding that OpenKE trained: TransE, DistMult, RotatE and their like, which keep
/// one matrix each, or ComplEx, which keeps real and imaginary parts apart.
/// </summary>
internal sealed class OpenKeCheckpoint : IDisposable
{
    private static readonly string[] Plain = ["ent_embeddings.weight", "rel_embeddings.weight"];
    private static readonly string[] Complex =
        ["ent_re_embeddings.weight", "ent_im_embeddings.weight", "rel_re_embeddings.weight", "rel_im_embeddings.weight"];

    private OpenKeCheckpoint(Tensor entities, Tensor relations, bool isComplex, int relationWidth)
    {
        Entities = entities;
        Relations = relations;
        IsComplex = isComplex;
        RelationWidth = relationWidth;
    }

    /// <summary>[entities, width], in the file's element type; of ComplEx the real parts, then the imaginary ones.</summary>
    public Tensor Entities { get; }

    /// <summary>
    /// [relations, width], in the file's element type; of ComplEx the real parts, then the imaginary ones. Where the file has another width
    /// for relations than for entities (RotatE has half of it), the matrix stands twice side by side.
    /// </summary>
    public Tensor Relations { get; }

    /// <summary>The width of a relation's vector before it is doubled.</summary>
    public int RelationWidth { get; }

    /// <summary>Whether the vectors are those of ComplEx.</summary>
    public bool IsComplex { get; }

    /// <summary>Reads a checkpoint, of either format of <c>torch.save</c>. Other tensors in it are ignored.</summary>
    /// <param name="path">The file.</param>
    /// <param name="detection">How ComplEx is recognised.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">The file is malformed or lacks a matrix that its kind has.</exception>
    public static OpenKeCheckpoint Load(string path, OpenKeDetection detection = OpenKeDetection.TensorNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyDictionary<string, Tensor> tensors = TorchFile.LoadStateDict(path);
        bool isComplex = detection == OpenKeDetection.Path
            ? path.Contains("complex", StringComparison.Ordinal)
            : Complex.Any(tensors.ContainsKey);
        Tensor[] parts = [.. (isComplex ? Complex : Plain).Select(name => Matrix(path, tensors, name))];
        Tensor entities = isComplex ? cat([parts[0], parts[1]], dim: 1) : parts[0].contiguous().clone();
        Tensor relations = isComplex ? cat([parts[2], parts[3]], dim: 1) : parts[1].contiguous().clone();
        int relationWidth = (int)relations.size(1);
        if (!isComplex && entities.size(1) != relations.size(1))
        {
            relations = cat([relations, relations], dim: 1);
        }

        // The caller disposes this object; no dispose scope it happens to stand in should.
        return new OpenKeCheckpoint(entities.DetachFromDisposeScope(), relations.DetachFromDisposeScope(), isComplex, relationWidth);
    }

    /// <summary>Disposes both matrices.</summary>
    public void Dispose()
    {
        Entities.Dispose();
        Relations.Dispose();
    }

    private static Tensor Matrix(string path, IReadOnlyDictionary<string, Tensor> tensors, string name)
    {
        if (!tensors.TryGetValue(name, out Tensor? matrix))
        {
            string present = string.Join(", ", tensors.Keys.Take(8).Select(key => $"'{key}'"));
            throw new WeightFileException(path, $"an OpenKE checkpoint of this kind has this matrix; the file has {present}.", name);
        }

        return matrix.Dimensions == 2 && matrix.is_floating_point()
            ? matrix.detach()
            : throw new WeightFileException(
                path,
                $"a floating-point matrix [rows, width] is expected, the file has {matrix.dtype} [{string.Join(", ", matrix.shape)}].",
                name);
    }
}

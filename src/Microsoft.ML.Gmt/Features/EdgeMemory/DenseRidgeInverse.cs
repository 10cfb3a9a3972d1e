using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Features;

/// <summary>The inverse as a matrix, by a Cholesky factor: 4 bytes for each pair of entities, twice that while it is made.</summary>
internal sealed class DenseRidgeInverse : IRidgeInverse
{
    /// <summary>The most entities: 1.6 GB.</summary>
    public const int MostEntities = 20_000;

    private readonly SignedEdges _edges;
    private readonly float[][] _rows;   // [entities][entities]
    private readonly ConcurrentDictionary<EdgeItem, double> _self = [];

    public DenseRidgeInverse(SignedEdges edges, double regularization)
    {
        if (edges.EntityCount > MostEntities)
        {
            throw new ArgumentException($"There are {edges.EntityCount:N0} entities, and a matrix is made of at most {MostEntities:N0}.");
        }

        _edges = edges;
        _rows = edges.EntityCount == 0 ? [] : Invert(edges, regularization);
    }

    /// <inheritdoc/>
    public double Between(EdgeItem a, EdgeItem b)
    {
        if (a != b || a.IsEntity)
        {
            return Sum(a, b);
        }

        // Of popular items that is the longest sum, and every query of the item asks for it.
        return _self.TryGetValue(a, out double known) ? known : _self[a] = Sum(a, a);
    }

    private double Sum(EdgeItem a, EdgeItem b)
    {
        Span<int> singles = stackalloc int[2];
        ReadOnlySpan<int> outer = a.Support(_edges, singles[..1]), inner = b.Support(_edges, singles[1..]);
        if (outer.Length > inner.Length)
        {
            ReadOnlySpan<int> longer = outer;
            outer = inner;
            inner = longer;
        }

        double sum = 0;
        foreach (int row in outer)
        {
            float[] values = _rows[row];
            foreach (int column in inner)
            {
                sum += values[column];
            }
        }

        return sum;
    }

    private static float[][] Invert(SignedEdges edges, double regularization)
    {
        TorchRuntime.EnsureLoaded();
        using IDisposable modes = TorchModes.Own();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        int entities = edges.EntityCount;
        Tensor gram = zeros(entities, entities, dtype: ScalarType.Float32, device: CPU);   // [entities, entities]
        Fill(edges, regularization, MemoryMarshal.Cast<byte, float>(gram.bytes));
        Tensor factor = linalg.cholesky(gram);
        gram.Dispose();
        Tensor inverse = cholesky_inverse(factor);
        factor.Dispose();
        float[][] rows = new float[entities][];
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(inverse.contiguous().bytes);
        for (int row = 0; row < entities; row++)
        {
            rows[row] = values.Slice(row * entities, entities).ToArray();
            FiniteNumbers.CheckScores(rows[row], i => $"the edge memory's entry [{row}, {i}]");
        }

        return rows;
    }

    /// <summary>X Xᵀ counts the items that two entities share.</summary>
    private static void Fill(SignedEdges edges, double regularization, Span<float> gram)
    {
        int entities = edges.EntityCount;
        for (int neighbor = 0; neighbor < entities; neighbor++)
        {
            ReadOnlySpan<int> relations = edges.RelationsOf(neighbor), all = edges.NeighborsOf(neighbor);
            for (int start = 0, end = 0; start < relations.Length; start = end)
            {
                while (end < relations.Length && relations[end] == relations[start])
                {
                    end++;
                }

                ReadOnlySpan<int> having = all[start..end];
                foreach (int row in having)
                {
                    Span<float> values = gram.Slice(row * entities, entities);
                    foreach (int column in having)
                    {
                        values[column]++;
                    }
                }
            }
        }

        for (int entity = 0; entity < entities; entity++)
        {
            gram[(entity * entities) + entity] += (float)regularization;
        }
    }
}

using System.Collections.Concurrent;

namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// The inverse where a matrix would be too large: M b by conjugate gradients (Hestenes and Stiefel 1952), preconditioned by the diagonal,
/// for each item and entity that is asked for, and kept for the next that asks.
/// </summary>
internal sealed class SolvedRidgeInverse : IRidgeInverse
{
    private const double Tolerance = 1e-7;
    private const int MostSteps = 1000;
    private const long KeptBytes = 256L << 20;

    private readonly SignedEdges _edges;
    private readonly double _regularization;
    private readonly ConcurrentDictionary<EdgeItem, Lazy<float[]>> _solved = [];
    private readonly int _most;

    public SolvedRidgeInverse(SignedEdges edges, double regularization)
    {
        (_edges, _regularization) = (edges, regularization);
        _most = (int)Math.Max(16, KeptBytes / (sizeof(float) * Math.Max(1L, edges.EntityCount)));
    }

    /// <inheritdoc/>
    public double Between(EdgeItem a, EdgeItem b)
    {
        // An entity is an end of many triples, an item of fewer: either is solved once.
        (EdgeItem solved, EdgeItem summed) = _solved.ContainsKey(b) && !_solved.ContainsKey(a) ? (b, a) : (a, b);
        float[] vector = Solved(solved);
        Span<int> single = stackalloc int[1];
        double sum = 0;
        foreach (int entity in summed.Support(_edges, single))
        {
            sum += vector[entity];
        }

        return sum;
    }

    private float[] Solved(EdgeItem item)
    {
        if (_solved.Count >= _most)
        {
            _solved.Clear();
        }

        return _solved.GetOrAdd(item, wanted => new Lazy<float[]>(() => Solve(wanted))).Value;
    }

    private float[] Solve(EdgeItem item)
    {
        int entities = _edges.EntityCount;
        double[] solution = new double[entities], residual = new double[entities];
        double[] direction = new double[entities], product = new double[entities];
        Span<int> single = stackalloc int[1];
        foreach (int entity in item.Support(_edges, single))
        {
            residual[entity] = 1;
            direction[entity] = Preconditioned(entity, 1);
        }

        double goal = Tolerance * Tolerance * Dot(residual, residual);
        double slope = Dot(residual, direction);
        for (int step = 0; step < MostSteps && Dot(residual, residual) > goal; step++)
        {
            Multiply(direction, product);
            double length = slope / Dot(direction, product);
            for (int i = 0; i < entities; i++)
            {
                solution[i] += length * direction[i];
                residual[i] -= length * product[i];
                product[i] = Preconditioned(i, residual[i]);
            }

            double next = Dot(residual, product);
            double share = next / slope;
            slope = next;
            for (int i = 0; i < entities; i++)
            {
                direction[i] = product[i] + (share * direction[i]);
            }
        }

        return Array.ConvertAll(solution, value => (float)value);
    }

    private double Preconditioned(int entity, double value) => value / (_edges.RelationsOf(entity).Length + _regularization);

    /// <summary>(X Xᵀ + λ I) p: what the entities that share an item have together, given to each of them.</summary>
    private void Multiply(double[] vector, double[] product)
    {
        for (int i = 0; i < vector.Length; i++)
        {
            product[i] = _regularization * vector[i];
        }

        for (int neighbor = 0; neighbor < _edges.EntityCount; neighbor++)
        {
            ReadOnlySpan<int> relations = _edges.RelationsOf(neighbor), all = _edges.NeighborsOf(neighbor);
            for (int start = 0, end = 0; start < relations.Length; start = end)
            {
                double sum = 0;
                for (; end < relations.Length && relations[end] == relations[start]; end++)
                {
                    sum += vector[all[end]];
                }

                foreach (int entity in all[start..end])
                {
                    product[entity] += sum;
                }
            }
        }
    }

    private static double Dot(double[] one, double[] other) => System.Numerics.Tensors.TensorPrimitives.Dot<double>(one, other);
}

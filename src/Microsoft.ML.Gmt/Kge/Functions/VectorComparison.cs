using System.Numerics;
using System.Runtime.InteropServices;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>
/// How a query's vector and a candidate's make a score. Every model asks this way: what is asked becomes one vector, so all entities are
/// compared with it alike.
/// </summary>
internal abstract class VectorComparison
{
    /// <summary>Σ q e.</summary>
    public static VectorComparison Product { get; } = new InnerProduct();

    /// <summary>−Σ |q − e|.</summary>
    public static VectorComparison Manhattan { get; } = new ManhattanDistance();

    /// <summary>−√Σ (q − e)².</summary>
    public static VectorComparison Euclidean { get; } = new EuclideanDistance();

    /// <summary>−Σ |q − e| over complex numbers: real parts first, then imaginary ones.</summary>
    public static VectorComparison Moduli { get; } = new ModulusDistance();

    /// <summary>The score; equal vectors give equal scores.</summary>
    public abstract float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> candidate);

    /// <summary>Adds weight · ∂score/∂query.</summary>
    public abstract void AddQueryGradient(
        ReadOnlySpan<float> query, ReadOnlySpan<float> candidate, float weight, Span<float> gradient);

    /// <summary>Adds weight · ∂score/∂candidate; of a distance, it is that of the query with the other sign.</summary>
    public virtual void AddCandidateGradient(
        ReadOnlySpan<float> query, ReadOnlySpan<float> candidate, float weight, Span<float> gradient) =>
        AddQueryGradient(query, candidate, -weight, gradient);

    private sealed class InnerProduct : VectorComparison
    {
        public override float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> candidate) => TensorPrimitives.Dot(query, candidate);

        public override void AddQueryGradient(
            ReadOnlySpan<float> query, ReadOnlySpan<float> candidate, float weight, Span<float> gradient) =>
            TensorPrimitives.MultiplyAdd(candidate, weight, gradient, gradient);

        public override void AddCandidateGradient(
            ReadOnlySpan<float> query, ReadOnlySpan<float> candidate, float weight, Span<float> gradient) =>
            TensorPrimitives.MultiplyAdd(query, weight, gradient, gradient);
    }

    private sealed class ManhattanDistance : VectorComparison
    {
        public override float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> candidate)
        {
            ReadOnlySpan<Vector<float>> q = Vectors(query), e = Vectors(candidate);
            Vector<float> sums = Vector<float>.Zero;
            for (int i = 0; i < q.Length; i++)
            {
                sums += Vector.Abs(q[i] - e[i]);
            }

            float sum = Vector.Sum(sums);
            for (int i = q.Length * Vector<float>.Count; i < query.Length; i++)
            {
                sum += MathF.Abs(query[i] - candidate[i]);
            }

            return -sum;
        }

        public override void AddQueryGradient(
            ReadOnlySpan<float> query, ReadOnlySpan<float> candidate, float weight, Span<float> gradient)
        {
            ReadOnlySpan<Vector<float>> q = Vectors(query), e = Vectors(candidate);
            Span<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
            var (minus, plus) = (new Vector<float>(-weight), new Vector<float>(weight));
            for (int i = 0; i < q.Length; i++)
            {
                Vector<float> otherwise = Vector.ConditionalSelect(Vector.LessThan(q[i], e[i]), plus, Vector<float>.Zero);
                g[i] += Vector.ConditionalSelect(Vector.GreaterThan(q[i], e[i]), minus, otherwise);
            }

            for (int i = q.Length * Vector<float>.Count; i < query.Length; i++)
            {
                gradient[i] -= weight * MathF.Sign(query[i] - candidate[i]);
            }
        }
    }

    private sealed class EuclideanDistance : VectorComparison
    {
        public override float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> candidate) =>
            -TensorPrimitives.Distance(query, candidate);

        public override void AddQueryGradient(
            ReadOnlySpan<float> query, ReadOnlySpan<float> candidate, float weight, Span<float> gradient)
        {
            float distance = TensorPrimitives.Distance(query, candidate);
            if (distance > 0)
            {
                TensorPrimitives.MultiplyAdd(query, -weight / distance, gradient, gradient);
                TensorPrimitives.MultiplyAdd(candidate, weight / distance, gradient, gradient);
            }
        }
    }

    private sealed class ModulusDistance : VectorComparison
    {
        // Keeps 0 / 0 out of gradients and is lost in any other number.
        private const float Tiny = 1e-30f;

        public override float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> candidate)
        {
            int half = query.Length / 2;
            ReadOnlySpan<float> imaginary = query[half..], other = candidate[half..];
            ReadOnlySpan<Vector<float>> q = Vectors(query[..half]), e = Vectors(candidate[..half]);
            ReadOnlySpan<Vector<float>> qi = Vectors(imaginary), ei = Vectors(other);
            Vector<float> sums = Vector<float>.Zero;
            for (int i = 0; i < q.Length; i++)
            {
                Vector<float> x = q[i] - e[i], y = qi[i] - ei[i];
                sums += Vector.SquareRoot((x * x) + (y * y));
            }

            float sum = Vector.Sum(sums);
            for (int i = q.Length * Vector<float>.Count; i < half; i++)
            {
                float x = query[i] - candidate[i], y = imaginary[i] - other[i];
                sum += MathF.Sqrt((x * x) + (y * y));
            }

            return -sum;
        }

        public override void AddQueryGradient(
            ReadOnlySpan<float> query, ReadOnlySpan<float> candidate, float weight, Span<float> gradient)
        {
            int half = query.Length / 2;
            ReadOnlySpan<Vector<float>> q = Vectors(query[..half]), e = Vectors(candidate[..half]);
            ReadOnlySpan<Vector<float>> qi = Vectors(query[half..]), ei = Vectors(candidate[half..]);
            Span<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(gradient[..half]);
            Span<Vector<float>> gi = MemoryMarshal.Cast<float, Vector<float>>(gradient[half..]);
            Vector<float> tiny = new(Tiny), minus = new(-weight);
            for (int i = 0; i < q.Length; i++)
            {
                Vector<float> x = q[i] - e[i], y = qi[i] - ei[i];
                Vector<float> scale = minus / Vector.SquareRoot((x * x) + (y * y) + tiny);
                g[i] += x * scale;
                gi[i] += y * scale;
            }

            for (int i = q.Length * Vector<float>.Count; i < half; i++)
            {
                float x = query[i] - candidate[i], y = query[half + i] - candidate[half + i];
                float scale = -weight / MathF.Sqrt((x * x) + (y * y) + Tiny);
                gradient[i] += x * scale;
                gradient[half + i] += y * scale;
            }
        }
    }

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> values) =>
        MemoryMarshal.Cast<float, Vector<float>>(values);
}

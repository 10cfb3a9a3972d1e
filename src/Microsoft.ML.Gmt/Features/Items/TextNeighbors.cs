using System.Numerics.Tensors;

namespace Microsoft.ML.Gmt.Features;

/// <summary>The entities whose texts are most alike to each entity's, by the cosine of their vectors.</summary>
/// <param name="Ids">[entities, k], most alike first.</param>
/// <param name="Cosines">[entities, k]; 0 or less counts as nothing.</param>
internal sealed record TextNeighbors(int[][] Ids, float[][] Cosines)
{
    /// <summary>Finds them.</summary>
    /// <param name="vectors">A vector for each entity; of length 0 for one without a text.</param>
    /// <param name="count">How many neighbors each has at most.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentException">Vectors have different widths, or numbers that are not finite.</exception>
    public static TextNeighbors Find(IReadOnlyList<ReadOnlyMemory<float>> vectors, int count, CancellationToken cancellationToken)
    {
        float[][] unit = [.. vectors.Select(Normalized)];
        int width = unit.Max(vector => vector.Length);
        for (int entity = 0; entity < unit.Length; entity++)
        {
            if (unit[entity].Length != width && unit[entity].Length != 0)
            {
                throw new ArgumentException(
                    $"The vector of entity {entity} has {unit[entity].Length} numbers, another one {width}; give all the same width, "
                    + "and an empty vector to an entity without a text.");
            }
        }

        int[][] ids = new int[unit.Length][];
        float[][] cosines = new float[unit.Length][];
        Parallel.For(0, unit.Length, new ParallelOptions { CancellationToken = cancellationToken }, entity =>
        {
            var nearest = new PriorityQueue<int, (float Cosine, int Order)>();
            for (int other = 0; other < unit.Length && unit[entity].Length > 0; other++)
            {
                if (other != entity && unit[other].Length > 0)
                {
                    float cosine = TensorPrimitives.Dot(unit[entity], unit[other]);
                    if (nearest.Count < count)
                    {
                        nearest.Enqueue(other, (cosine, -other));
                    }
                    else
                    {
                        nearest.EnqueueDequeue(other, (cosine, -other));
                    }
                }
            }

            (int Id, (float Cosine, int Order) Rank)[] found = [.. nearest.UnorderedItems.OrderByDescending(item => item.Priority)];
            ids[entity] = Array.ConvertAll(found, item => item.Id);
            cosines[entity] = Array.ConvertAll(found, item => item.Rank.Cosine);
        });
        return new TextNeighbors(ids, cosines);
    }

    private static float[] Normalized(ReadOnlyMemory<float> vector, int entity)
    {
        float length = TensorPrimitives.Norm(vector.Span);
        if (!float.IsFinite(length))
        {
            throw new ArgumentException($"The text vector of entity {entity} has a number that is not finite, or is too long.");
        }

        float[] unit = vector.ToArray();
        if (length == 0)
        {
            return [];
        }

        TensorPrimitives.Divide(unit, length, unit);
        return unit;
    }
}

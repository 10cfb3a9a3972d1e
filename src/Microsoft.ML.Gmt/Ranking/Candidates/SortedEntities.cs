using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>What is done with entities in ascending order, each once.</summary>
internal static class SortedEntities
{
    /// <exception cref="ArgumentOutOfRangeException">One is not of the graph.</exception>
    public static void Check(GraphBounds bounds, int[] entities, string parameter)
    {
        if (entities.Length > 0)
        {
            bounds.CheckEntity(entities[0], parameter);
            bounds.CheckEntity(entities[^1], parameter);
        }
    }

    /// <summary>Adds the entities that are not among others, by one pass over both.</summary>
    public static void AddWithout(ReadOnlySpan<int> entities, ReadOnlySpan<int> others, List<int> found)
    {
        int at = 0;
        foreach (int entity in entities)
        {
            while (at < others.Length && others[at] < entity)
            {
                at++;
            }

            if (at == others.Length || others[at] != entity)
            {
                found.Add(entity);
            }
        }
    }
}

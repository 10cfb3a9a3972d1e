using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Features;

/// <summary>Signed relations that entities have by hidden edges alone.</summary>
internal static class HiddenRelations
{
    /// <summary>How many signed relations an entity loses.</summary>
    public static int Count(MaskedEdges edges, int entity)
    {
        int count = 0;
        for (int i = 0; i < edges.HiddenCount; i++)
        {
            Triple hidden = edges.Hidden(i);
            (int outgoing, int incoming) = (2 * hidden.Relation, (2 * hidden.Relation) + 1);
            Triple first = edges.Hidden(0);
            bool isRepeated = i > 0 && first.Relation == hidden.Relation;
            count += hidden.Head == entity && !(isRepeated && first.Head == entity) && edges.Count(entity, outgoing) == 0 ? 1 : 0;
            count += hidden.Tail == entity && !(isRepeated && first.Tail == entity) && edges.Count(entity, incoming) == 0 ? 1 : 0;
        }

        return count;
    }
}

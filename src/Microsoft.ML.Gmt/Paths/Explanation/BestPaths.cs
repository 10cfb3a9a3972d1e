namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The paths of most weight from a query's source to a node: a step a layer at most, along an edge whose weight in that layer counts, or
/// none. Found exactly, layer by layer: the best of each node are continuations of the best of its senders.
/// </summary>
internal static class BestPaths
{
    /// <summary>Finds them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">The weight of each edge in each layer: [layers][edges].</param>
    /// <param name="query">The query, whose removed edges are not walked.</param>
    /// <param name="node">Where paths end.</param>
    /// <param name="count">How many are wanted; at least 1.</param>
    /// <returns>
    /// Paths by weight, the greatest first: no two of the same edges in the same order, and none without an edge. Of one that fits into the
    /// layers in several ways, the best way counts.
    /// </returns>
    public static IReadOnlyList<EdgePath> Find(MessageGraph graph, float[][] weights, PathQuery query, int node, int count)
    {
        // One more than wanted: the path without an edge is no answer, where source and node are one.
        var best = new List<EdgePath>?[graph.NodeCount];
        best[query.Source] = [new EdgePath(0, null, -1, 0)];
        foreach (float[] ofLayer in weights)
        {
            var next = new List<EdgePath>?[graph.NodeCount];
            for (int receiver = 0; receiver < graph.NodeCount; receiver++)
            {
                next[receiver] = Best(graph, ofLayer, query, receiver, best, count + 1);
            }

            best = next;
        }

        return [.. (best[node] ?? []).Where(path => path.Edge >= 0).Take(count)];
    }

    private static List<EdgePath>? Best(
        MessageGraph graph, float[] weights, PathQuery query, int receiver, List<EdgePath>?[] before, int count)
    {
        List<EdgePath>? found = before[receiver] is { } stay ? [.. stay] : null;
        for (int edge = (int)graph.Offsets[receiver]; edge < graph.Offsets[receiver + 1]; edge++)
        {
            if (before[graph.Senders[edge]] is not { } paths || query.Removed.Span.BinarySearch(edge) >= 0)
            {
                continue;
            }

            foreach (EdgePath path in paths)
            {
                double weight = path.Weight + weights[edge];
                if (found is null || found.Count < count || weight > found[^1].Weight)
                {
                    Insert(found ??= [], new EdgePath(weight, path, edge, weights[edge]), count);
                }
            }
        }

        return found;
    }

    private static void Insert(List<EdgePath> paths, EdgePath path, int count)
    {
        int same = paths.FindIndex(path.HasEdgesOf);
        if (same >= 0)
        {
            if (paths[same].Weight >= path.Weight)
            {
                return;
            }

            paths.RemoveAt(same);
        }

        int place = paths.FindIndex(other => other.Weight < path.Weight);
        paths.Insert(place < 0 ? paths.Count : place, path);
        if (paths.Count > count)
        {
            paths.RemoveAt(count);
        }
    }
}

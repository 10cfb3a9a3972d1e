namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The paths of the greatest mean weight from a query's source to a node: a step a layer at most, along an edge whose weight in that layer
/// counts, or none. Found exactly, layer by layer: of each length, the best of a node are continuations of the best of its senders.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="query">The query, whose removed edges are not walked.</param>
/// <param name="node">Where paths end.</param>
/// <param name="count">How many are wanted; at least 1.</param>
internal sealed class BestPaths(MessageGraph graph, PathQuery query, int node, int count)
{
    /// <summary>Finds them.</summary>
    /// <param name="weights">The weight of each edge in each layer: [layers][edges].</param>
    /// <returns>
    /// Paths by the mean weight of their edges, the greatest first: no two of the same edges in the same order, none without an edge, none
    /// that comes back to its source or goes on from its end. Of one that fits into the layers in several ways, the best way counts.
    /// </returns>
    public IReadOnlyList<EdgePath> Find(float[][] weights)
    {
        int lengths = weights.Length + 1;
        var best = new List<EdgePath>?[graph.NodeCount, lengths];
        best[query.Source, 0] = [new EdgePath(0, null, -1, 0)];
        foreach (float[] ofLayer in weights)
        {
            var next = new List<EdgePath>?[graph.NodeCount, lengths];
            for (int receiver = 0; receiver < graph.NodeCount; receiver++)
            {
                for (int length = 0; length < lengths; length++)
                {
                    next[receiver, length] = Best(ofLayer, receiver, length, best);
                }
            }

            best = next;
        }

        return
        [
            .. Enumerable.Range(1, weights.Length).SelectMany(length => best[node, length] ?? []).OrderByDescending(path => path.Mean)
                .Take(count),
        ];
    }

    private List<EdgePath>? Best(float[] weights, int receiver, int length, List<EdgePath>?[,] before)
    {
        List<EdgePath>? found = before[receiver, length] is { } stay ? [.. stay] : null;
        if (length == 0 || (receiver == query.Source && receiver != node))
        {
            return found;
        }

        for (int edge = (int)graph.Offsets[receiver], next; edge < graph.Offsets[receiver + 1]; edge = next)
        {
            int sender = graph.Senders[edge];
            (double ofFact, next) = Fact(weights, receiver, edge);
            if (before[sender, length - 1] is not { } paths || (sender == node && length > 1) || query.Removed.Span.BinarySearch(edge) >= 0)
            {
                continue;
            }

            foreach (EdgePath path in paths)
            {
                double weight = path.Weight + ofFact;
                if (found is null || found.Count < count || weight > found[^1].Weight)
                {
                    Insert(found ??= [], new EdgePath(weight, path, edge, ofFact));
                }
            }
        }

        return found;
    }

    /// <summary>Copies of a fact stand side by side, and a query removes all or none: one step, which weighs what all of them do.</summary>
    private (double Weight, int Next) Fact(float[] weights, int receiver, int edge)
    {
        double weight = 0;
        int next = edge;
        while (next < graph.Offsets[receiver + 1]
            && graph.Senders[next] == graph.Senders[edge] && graph.Labels[next] == graph.Labels[edge])
        {
            weight += weights[next++];
        }

        return (weight, next);
    }

    private void Insert(List<EdgePath> paths, EdgePath path)
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

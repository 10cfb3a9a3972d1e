using Microsoft.ML.Gmt.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Contexts edge by edge, with the very calls of the reference, for the one case in which the choice among equal similarities matters:
/// relation vectors that are equal now (a relation and its inverse start so) and train, so that the chosen one gets the gradient.
/// </summary>
internal static class TiedContexts
{
    /// <summary>Whether relations of different ids have equal vectors.</summary>
    public static bool Exist(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        return vectors.detach().unique(dim: 0).output.size(0) < vectors.size(0);
    }

    /// <summary>The states, numbered as they first occur over the edges, and the state of each edge.</summary>
    public static (EdgeStateList States, int[] EdgeState) Find(KnowledgeGraph graph, Tensor vectors, int topK)
    {
        Adjacency adjacency = graph.Adjacency;
        var table = new EdgeStateTable(topK);
        int[] edgeState = new int[adjacency.EdgeCount];
        var known = new Dictionary<(int Relation, int Neighbor), int>();
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor local = vectors.cpu();
        for (int edge = 0; edge < edgeState.Length; edge++)
        {
            (int relation, int neighbor) = (adjacency.Relations[edge], adjacency.Neighbors[edge]);
            if (!known.TryGetValue((relation, neighbor), out int state))
            {
                state = table.Add(relation, Choose(local, relation, adjacency.Relations[adjacency.EdgesOf(neighbor)], topK));
                known.Add((relation, neighbor), state);
            }

            edgeState[edge] = state;
        }

        return (table.ToList(), edgeState);
    }

    private static int[] Choose(Tensor vectors, int relation, ReadOnlySpan<int> around, int topK)
    {
        if (around.IsEmpty)
        {
            return [];
        }

        using var scope = NewDisposeScope();
        long[] ids = Array.ConvertAll(around.ToArray(), id => (long)id);
        Tensor own = nn.functional.normalize(vectors[relation], dim: -1);                           // [d]
        Tensor near = vectors.index_select(0, tensor(ids, device: vectors.device));              // [edges, d]
        Tensor others = nn.functional.normalize(near, dim: -1);
        Tensor chosen = others.matmul(own).topk(Math.Min(topK, ids.Length)).indexes;                // [top-k]
        return [.. chosen.data<long>().Select(index => (int)ids[index])];
    }
}

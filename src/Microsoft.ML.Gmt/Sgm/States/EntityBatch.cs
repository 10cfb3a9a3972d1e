using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Some entities, each once, with the edge states that they need, each once: what must be encoded to score the triples of a batch.
/// </summary>
internal sealed class EntityBatch
{
    /// <summary>Where one entity in this many is wanted, all are encoded.</summary>
    private const int MostOfAll = 2;

    private readonly EdgeStateList _states;
    private readonly SparseMatrix _means;
    private readonly int[] _row;

    /// <param name="graph">The graph's states.</param>
    /// <param name="entities">Entity ids; the same one may come often.</param>
    public EntityBatch(GraphEdgeStates graph, IEnumerable<int> entities)
    {
        SparseMatrix all = graph.StateShares;
        _row = new int[all.RowCount];
        _row.AsSpan().Fill(-1);
        var distinct = new List<int>();
        foreach (int entity in entities)
        {
            if (_row[entity] < 0)
            {
                _row[entity] = distinct.Count;
                distinct.Add(entity);
            }
        }

        if (distinct.Count * MostOfAll >= all.RowCount)
        {
            // Most entities are wanted: their states are nearly all, and the matrices of all are at hand.
            (_states, _means) = (graph.States, all);
            for (int entity = 0; entity < _row.Length; entity++)
            {
                _row[entity] = entity;
            }
        }
        else
        {
            (_states, _means) = Part(graph, distinct);
        }
    }

    /// <summary>
    /// The vectors of the batch's entities, [distinct entities or all, d]: means of their edges' states, 0 without edges.
    /// </summary>
    /// <param name="encode">Encodes states: [states, d].</param>
    public Tensor Encode(Func<EdgeStateList, Tensor> encode)
    {
        using var scope = NewDisposeScope();
        return SparseProduct.Multiply(_means, encode(_states)).MoveToOuterDisposeScope();
    }

    /// <summary>Where in <see cref="Encode"/> an entity's vector stands.</summary>
    public int Row(int entity) => _row[entity];

    /// <summary>Where in <see cref="Encode"/> the vectors of these entities stand: [entities] int64.</summary>
    public Tensor Rows(IEnumerable<int> entities, Device device) =>
        tensor([.. entities.Select(entity => (long)_row[entity])], device: device);

    private static (EdgeStateList States, SparseMatrix Means) Part(GraphEdgeStates graph, List<int> entities)
    {
        SparseMatrix all = graph.StateShares;
        int[] local = new int[graph.States.Count];
        local.AsSpan().Fill(-1);
        List<int> used = [], offsets = [0], columns = [];
        var values = new List<float>();
        foreach (int entity in entities)
        {
            for (int entry = all.Offsets[entity]; entry < all.Offsets[entity + 1]; entry++)
            {
                int state = all.Columns[entry];
                if (local[state] < 0)
                {
                    local[state] = used.Count;
                    used.Add(state);
                }

                columns.Add(local[state]);
                values.Add(all.Values[entry]);
            }

            offsets.Add(columns.Count);
        }

        return (graph.States.Select(used), new SparseMatrix(entities.Count, used.Count, [.. offsets], [.. columns], [.. values]));
    }
}

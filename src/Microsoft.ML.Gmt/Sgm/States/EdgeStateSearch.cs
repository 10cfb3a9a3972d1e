using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Finds the distinct edge states (<see cref="EdgeStateList"/>) of a graph: the managed side of <c>gmt_find_edge_states</c>, with equal
/// results.
/// </summary>
/// <remarks>
/// Entities are put into classes by their relation histograms, edges into (relation, class) pairs; both once, because they depend on no
/// weights. Only the top-k of each pair is looked up again when the relations' similarities change.
/// </remarks>
internal sealed class EdgeStateSearch
{
    private readonly RelationHistograms _histograms;
    private readonly List<(int Relation, int Class)> _pairs = [];
    private readonly int[] _edgePair;
    private readonly int _topK;

    public EdgeStateSearch(Adjacency adjacency, int relationCount, int topK)
    {
        _topK = topK;
        _histograms = new RelationHistograms(adjacency, relationCount, topK);
        _edgePair = new int[adjacency.EdgeCount];
        var known = new Dictionary<(int, int), int>();
        for (int edge = 0; edge < _edgePair.Length; edge++)
        {
            (int, int) pair = (adjacency.Relations[edge], _histograms.EntityClass[adjacency.Neighbors[edge]]);
            ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(known, pair, out bool exists);
            if (!exists)
            {
                id = _pairs.Count;
                _pairs.Add(pair);
            }

            _edgePair[edge] = id;
        }
    }

    /// <summary>The states, numbered as they first occur over the edges, and the state of each edge.</summary>
    public (EdgeStateList States, int[] EdgeState) Find(RelationOrder order)
    {
        var table = new EdgeStateTable(_topK);
        var choice = new ContextChoice(_topK);
        int[] pairState = new int[_pairs.Count];
        for (int pair = 0; pair < pairState.Length; pair++)
        {
            (int relation, int entityClass) = _pairs[pair];
            (int[] around, int[] counts) = _histograms.Histogram(entityClass);
            pairState[pair] = table.Add(relation, choice.Choose(order, relation, around, counts));
        }

        int[] edgeState = new int[_edgePair.Length];
        for (int edge = 0; edge < edgeState.Length; edge++)
        {
            edgeState[edge] = pairState[_edgePair[edge]];
        }

        return (table.ToList(), edgeState);
    }
}

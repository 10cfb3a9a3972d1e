namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// Counts, for each item of an entity, the other entities that have it together with the item that a triple would add to the entity. Used
/// again from triple to triple.
/// </summary>
internal sealed class ItemCounts(SignedEdges edges)
{
    // To look an entity up costs about as much as going past this many.
    private const int LookUpCost = 8;

    private readonly int[] _places = new int[edges.ItemCount];   // 1 + the place of the entity's items, 0 for other items
    private readonly bool[] _isMarked = new bool[edges.EntityCount];
    private readonly List<int> _marked = [];
    private int[] _counts = [];

    /// <summary>How many others have the item of one of the entity's edges as well.</summary>
    /// <param name="edge">The place of the edge among those of the entity.</param>
    public int Both(int edge) => _counts[edge];

    /// <summary>Counts.</summary>
    /// <param name="masked">The edges that are to be seen.</param>
    /// <param name="side">The entity, and the item that the triple would add.</param>
    /// <returns>How many other entities have that item.</returns>
    public int Count(MaskedEdges masked, FeatureSide side)
    {
        (int entity, int signed, int other) = side;
        ReadOnlySpan<int> items = edges.ItemsOf(entity);
        if (_counts.Length < items.Length)
        {
            _counts = new int[Math.Max(items.Length, 2 * _counts.Length)];
        }

        _counts.AsSpan(0, items.Length).Clear();
        _marked.Clear();
        long theirs = 0, ours = 0;
        int reverse = SignedEdges.Inverse(signed);
        foreach (int having in edges.Neighbors(other, reverse))
        {
            if (having != entity && !masked.Hides(other, reverse, having))
            {
                _marked.Add(having);
                theirs += edges.RelationsOf(having).Length;
            }
        }

        if (_marked.Count == 0)
        {
            return 0;
        }

        foreach (int item in items)
        {
            ours += Math.Min(edges.Having(item).Length, (long)LookUpCost * _marked.Count);
        }

        if (theirs < ours)
        {
            CountTheirs(masked, items);
        }
        else
        {
            CountOurs(masked, entity, items);
        }

        return _marked.Count;
    }

    /// <summary>Goes through the items of the others, and counts those that are the entity's.</summary>
    private void CountTheirs(MaskedEdges masked, ReadOnlySpan<int> items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            _places[items[i]] = i + 1;
        }

        foreach (int other in _marked)
        {
            ReadOnlySpan<int> others = edges.ItemsOf(other);
            for (int i = 0; i < others.Length; i++)
            {
                int place = _places[others[i]];
                if (place > 0 && !(masked.HiddenCount > 0 && masked.Hides(other, edges.RelationsOf(other)[i], edges.NeighborsOf(other)[i])))
                {
                    _counts[place - 1]++;
                }
            }
        }

        foreach (int item in items)
        {
            _places[item] = 0;
        }
    }

    /// <summary>Goes through those who have the entity's items, or looks the others up among them, whichever is shorter.</summary>
    private void CountOurs(MaskedEdges masked, int entity, ReadOnlySpan<int> items)
    {
        foreach (int other in _marked)
        {
            _isMarked[other] = true;
        }

        ReadOnlySpan<int> relations = edges.RelationsOf(entity), neighbors = edges.NeighborsOf(entity);
        for (int i = 0; i < items.Length; i++)
        {
            ReadOnlySpan<int> having = edges.Having(items[i]);
            int reverse = SignedEdges.Inverse(relations[i]);
            if (having.Length > (long)LookUpCost * _marked.Count)
            {
                foreach (int other in _marked)
                {
                    _counts[i] += having.BinarySearch(other) >= 0 && !masked.Hides(neighbors[i], reverse, other) ? 1 : 0;
                }

                continue;
            }

            foreach (int other in having)
            {
                _counts[i] += _isMarked[other] && !(masked.HiddenCount > 0 && masked.Hides(neighbors[i], reverse, other)) ? 1 : 0;
            }
        }

        foreach (int other in _marked)
        {
            _isMarked[other] = false;
        }
    }
}

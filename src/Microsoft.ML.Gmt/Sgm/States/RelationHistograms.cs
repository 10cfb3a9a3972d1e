using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Entities by what their edges' relations look like from outside: two entities of one class have each relation equally often, counted up
/// to top-k. All that an edge's context depends on is its own relation and its neighbor's class, whatever the weights are.
/// </summary>
internal sealed class RelationHistograms
{
    private readonly List<(int[] Relations, int[] Counts)> _classes = [];

    public RelationHistograms(Adjacency adjacency, int relationCount, int topK)
    {
        EntityClass = new int[adjacency.EntityCount];
        int[] counts = new int[relationCount];
        var known = new Dictionary<(int[] Relations, int[] Counts), int>(new HistogramComparer());
        var present = new List<int>();
        for (int entity = 0; entity < EntityClass.Length; entity++)
        {
            present.Clear();
            foreach (int relation in adjacency.Relations[adjacency.EdgesOf(entity)])
            {
                if (counts[relation] == 0)
                {
                    present.Add(relation);
                }

                counts[relation] = Math.Min(counts[relation] + 1, topK);
            }

            present.Sort();
            (int[] Relations, int[] Counts) histogram = ([.. present], new int[present.Count]);
            for (int i = 0; i < present.Count; i++)
            {
                histogram.Counts[i] = counts[present[i]];
                counts[present[i]] = 0;
            }

            ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(known, histogram, out bool exists);
            if (!exists)
            {
                id = _classes.Count;
                _classes.Add(histogram);
            }

            EntityClass[entity] = id;
        }
    }

    /// <summary>The class of each entity.</summary>
    public int[] EntityClass { get; }

    /// <summary>The relations that occur, in ascending order, and how often each does, at most top-k times.</summary>
    public (int[] Relations, int[] Counts) Histogram(int entityClass) => _classes[entityClass];

    private sealed class HistogramComparer : IEqualityComparer<(int[] Relations, int[] Counts)>
    {
        public bool Equals((int[] Relations, int[] Counts) x, (int[] Relations, int[] Counts) y) =>
            x.Relations.AsSpan().SequenceEqual(y.Relations) && x.Counts.AsSpan().SequenceEqual(y.Counts);

        public int GetHashCode((int[] Relations, int[] Counts) obj)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(obj.Relations.AsSpan()));
            hash.AddBytes(MemoryMarshal.AsBytes(obj.Counts.AsSpan()));
            return hash.ToHashCode();
        }
    }
}

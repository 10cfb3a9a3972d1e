using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Entities by what their edges' relations look like from outside: two entities of one class have each relation equally often, counted up
/// to top-k. All that an edge's context depends on is its own relation and its neighbor's class, whatever the weights are.
/// </summary>
internal sealed class RelationHistograms
{
    private readonly List<(int Relation, int Count)[]> _classes = [];

    public RelationHistograms(Adjacency adjacency, int relationCount, int topK)
    {
        EntityClass = new int[adjacency.EntityCount];
        int[] counts = new int[relationCount];
        var known = new Dictionary<(int Relation, int Count)[], int>(new HistogramComparer());
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
            (int, int)[] histogram = new (int, int)[present.Count];
            for (int i = 0; i < histogram.Length; i++)
            {
                histogram[i] = (present[i], counts[present[i]]);
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

    /// <summary>How often each relation occurs, at most top-k times, in ascending order of relations.</summary>
    public ReadOnlySpan<(int Relation, int Count)> Histogram(int entityClass) => _classes[entityClass];

    private sealed class HistogramComparer : IEqualityComparer<(int Relation, int Count)[]>
    {
        public bool Equals((int Relation, int Count)[]? x, (int Relation, int Count)[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode((int Relation, int Count)[] obj)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(obj.AsSpan()));
            return hash.ToHashCode();
        }
    }
}

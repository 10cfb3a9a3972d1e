using System.Numerics;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// ULTRA's graph of relations (arXiv 2310.04562, section 4.1): nodes are the 2R labels of entity edges, and one receives from another where
/// some entity touches both, over a label that says by which of their ends.
/// </summary>
/// <remarks>
/// <para>Let S(i) be the entities that receive over i and E(i) those that send over it, so S(i + R) = E(i). Relation i receives from j over
/// label 0 where S(i) and S(j) share an entity, 1 where E(i) and E(j) do, 2 where S(i) and E(j) do, 3 where E(i) and S(j) do: presence,
/// without weights.</para>
/// <para>All follow from the bit matrix of label 0: with ī = (i + R) mod 2R, M₁(i, j) = M₀(ī, j̄), M₂(i, j) = M₀(i, j̄) and
/// M₃(i, j) = M₀(ī, j).</para>
/// </remarks>
internal static class RelationGraph
{
    /// <summary>How many labels its edges have.</summary>
    public const int LabelCount = 4;

    /// <summary>Makes it from the entity edges.</summary>
    /// <exception cref="NotSupportedException">It would have too many edges.</exception>
    public static MessageGraph Build(MessageGraph entities)
    {
        int labels = entities.LabelCount, words = (labels + 63) / 64;
        if ((long)labels * words > Array.MaxLength)
        {
            throw TooMany(labels, "more ways than can be counted");
        }

        ulong[] meet = Meetings(entities, words);   // M₀: [labels, words]
        long count = LabelCount * meet.Sum(word => (long)BitOperations.PopCount(word));
        if (count > Array.MaxLength)
        {
            throw TooMany(labels, $"{count:N0} ways");
        }

        var edges = new List<MessageEdge>((int)count);
        for (int receiver = 0; receiver < labels; receiver++)
        {
            for (int sender = 0; sender < labels; sender++)
            {
                if ((meet[(receiver * words) + (sender / 64)] >> (sender % 64) & 1) != 0)
                {
                    (int otherReceiver, int otherSender) = (Inverse(receiver), Inverse(sender));
                    edges.Add(new(receiver, sender, 0));
                    edges.Add(new(otherReceiver, otherSender, 1));
                    edges.Add(new(receiver, otherSender, 2));
                    edges.Add(new(otherReceiver, sender, 3));
                }
            }
        }

        return MessageGraph.Build(labels, LabelCount, edges);

        int Inverse(int label) => label < labels / 2 ? label + (labels / 2) : label - (labels / 2);
    }

    private static NotSupportedException TooMany(int labels, string ways) => new(
        $"The graph's {labels / 2:N0} relations meet in {ways}; a path model holds {Array.MaxLength:N0} at most. "
        + "Take a part of the graph with fewer relations.");

    // Which labels meet at some entity that receives over both: a bit each.
    private static ulong[] Meetings(MessageGraph entities, int words)
    {
        ulong[] meet = new ulong[entities.LabelCount * words];
        ulong[] here = new ulong[words];
        var used = new List<int>();
        for (int entity = 0; entity < entities.NodeCount; entity++)
        {
            Array.Clear(here);
            used.Clear();
            foreach (int label in entities.Labels[(int)entities.Offsets[entity]..(int)entities.Offsets[entity + 1]])
            {
                if (used.Count == 0 || used[^1] != label)
                {
                    used.Add(label);
                    here[label / 64] |= 1ul << (label % 64);
                }
            }

            foreach (int label in used)
            {
                for (int word = 0; word < words; word++)
                {
                    meet[(label * words) + word] |= here[word];
                }
            }
        }

        return meet;
    }
}

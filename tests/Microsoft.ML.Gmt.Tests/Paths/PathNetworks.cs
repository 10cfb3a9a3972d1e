using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>Message graphs and networks of random numbers.</summary>
internal static class PathNetworks
{
    /// <summary>A random graph in which nodes send to those that they receive from; some have no edge, some edges stand twice.</summary>
    public static List<MessageEdge> Edges(Random random, int nodes, int labels, int pairs)
    {
        List<MessageEdge> edges = [];
        for (int i = 0; i < pairs; i++)
        {
            // Low ids are hubs.
            int one = random.Next(nodes) * random.Next(nodes) / nodes, other = random.Next(nodes), label = random.Next(labels / 2);
            for (int copy = random.Next(8) == 0 ? 2 : 1; copy > 0; copy--)
            {
                edges.Add(new MessageEdge(one, other, label));
                edges.Add(new MessageEdge(other, one, label + (labels / 2)));
            }
        }

        return edges;
    }

    public static PathLayer Layer(Random random, int labels, int width, bool hasDegrees = false) => new(
        Numbers(random, labels * width, 1), Numbers(random, 2 * width * width, 1 / Math.Sqrt(width)), Numbers(random, width, .3),
        Numbers(random, width, 1), Numbers(random, width, .5), hasDegrees ? Numbers(random, 3 * width, 1) : null);

    public static PathReadout Readout(Random random, int hidden, int width) => new(
        Numbers(random, hidden * 2 * width, 1 / Math.Sqrt(width)), Numbers(random, hidden, .3), Numbers(random, hidden, 1), .25f);

    public static float[] Numbers(Random random, int count, double scale) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - .5) * 2 * scale))];
}

using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>A path network as its formulas read: every node, every layer, every query.</summary>
/// <param name="graph">The graph.</param>
/// <param name="layers">The layers.</param>
/// <param name="readout">The readout.</param>
/// <param name="factor">What the message over an edge is multiplied by in a layer, from 0; null for 1.</param>
/// <param name="mostNewNodes">How many more nodes each layer may change; null for all.</param>
internal sealed class NaivePathNetwork(
    MessageGraph graph, PathLayer[] layers, PathReadout? readout, Func<int, int, float>? factor = null, int? mostNewNodes = null)
    : IPathNetwork
{
    private readonly int _width = layers[0].Width;

    /// <inheritdoc/>
    public long ByteCount => layers.Sum(layer => (long)layer.Labels.Length) * sizeof(float);

    /// <inheritdoc/>
    public void States(PathQuery query, Span<float> states)
    {
        states.Clear();
        query.Vector.Span.CopyTo(states.Slice(query.Source * _width, _width));
        HashSet<int>[] changing = mostNewNodes is { } most ? Changing(query, most) : [];
        float[] baseline = new float[states.Length];
        for (int layer = 0; layer < layers.Length; layer++)
        {
            float[] before = states.ToArray();
            for (int node = 0; node < graph.NodeCount; node++)
            {
                Update(layer, query, node, before, states.Slice(node * _width, _width));
            }

            if (mostNewNodes is not null)
            {
                baseline = Baseline(layer, baseline);
                for (int node = 0; node < graph.NodeCount; node++)
                {
                    if (!changing[layer].Contains(node))
                    {
                        baseline.AsSpan(node * _width, _width).CopyTo(states.Slice(node * _width, _width));
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    public void ScoreAll(ReadOnlySpan<PathQuery> queries, Span<float> scores)
    {
        float[] states = new float[graph.NodeCount * _width];
        for (int i = 0; i < queries.Length; i++)
        {
            States(queries[i], states);
            for (int node = 0; node < graph.NodeCount; node++)
            {
                scores[(i * graph.NodeCount) + node] = Read(states.AsSpan(node * _width, _width), queries[i].Vector.Span);
            }
        }
    }

    /// <inheritdoc/>
    public float Score(PathQuery query, int node)
    {
        float[] states = new float[graph.NodeCount * _width];
        States(query, states);
        return Read(states.AsSpan(node * _width, _width), query.Vector.Span);
    }

    /// <summary>Does nothing: all memory is managed.</summary>
    public void Dispose()
    {
    }

    // The states of a layer where nothing starts anywhere and nothing is removed.
    private float[] Baseline(int layer, float[] before)
    {
        float[] after = [.. before];
        for (int node = 0; node < graph.NodeCount; node++)
        {
            Update(layer, new PathQuery(-1, default, default), node, before, after.AsSpan(node * _width, _width));
        }

        return after;
    }

    // The nodes that each layer may change, by the walk's definition.
    private HashSet<int>[] Changing(PathQuery query, int most)
    {
        int[] removed = query.Removed.ToArray();
        HashSet<int> changed = [query.Source], met = [], handsOn = [query.Source];
        var masses = new Dictionary<int, double> { [query.Source] = 1 };
        List<HashSet<int>> all = [];
        for (int layer = 0; layer < layers.Length; layer++)
        {
            foreach (int node in handsOn.OrderByDescending(node => masses.GetValueOrDefault(node)).ThenBy(node => node))
            {
                int[] edges = [.. Enumerable.Range((int)graph.Offsets[node], (int)(graph.Offsets[node + 1] - graph.Offsets[node]))];
                double share = masses.GetValueOrDefault(node) / Math.Max(1, edges.Except(removed).Count());
                foreach (int edge in edges)
                {
                    int to = graph.Senders[edge];
                    masses[to] = masses.GetValueOrDefault(to) + (removed.Contains(edge) ? 0 : share);
                    met.Add(to);
                }
            }

            int[] ends = layer == 0 ? [.. removed.Select(graph.ReceiverOf)] : [];
            handsOn =
            [
                .. met.Union(ends).Except(changed)
                    .OrderByDescending(node => masses.GetValueOrDefault(node)).ThenBy(node => node).Take(most),
                .. ends,
            ];
            handsOn.ExceptWith(changed);
            changed = [.. changed, .. handsOn];
            all.Add(changed);
        }

        return [.. all];
    }

    private void Update(int index, PathQuery query, int node, float[] before, Span<float> state)
    {
        PathLayer layer = layers[index];
        Span<float> input = new float[2 * _width];   // [X; P]
        state.CopyTo(input);
        Span<float> messages = input[_width..];
        if (node == query.Source)
        {
            query.Vector.Span.CopyTo(messages);
        }

        int degree = 0;
        for (int edge = (int)graph.Offsets[node]; edge < graph.Offsets[node + 1]; edge++)
        {
            if (query.Removed.Span.BinarySearch(edge) < 0)
            {
                degree++;
                float times = factor?.Invoke(index, edge) ?? 1;
                for (int i = 0; i < _width; i++)
                {
                    messages[i] += times * before[(graph.Senders[edge] * _width) + i] * layer.Labels[(graph.Labels[edge] * _width) + i];
                }
            }
        }

        for (int i = 0; i < _width && layer.DegreeScale is not null; i++)
        {
            double inverse = 1.0 / Math.Max(degree, 1);
            float[] scale = layer.DegreeScale;
            messages[i] *= (float)(scale[i] + (scale[_width + i] * Math.Sqrt(inverse)) + (scale[(2 * _width) + i] * inverse));
        }

        Span<float> output = new float[_width];
        for (int row = 0; row < _width; row++)
        {
            output[row] = layer.Bias[row] + Dot(layer.Linear.AsSpan(row * 2 * _width, 2 * _width), input);
        }

        double mean = 0, variance = 0;
        foreach (float value in output)
        {
            mean += value / (double)_width;
        }

        foreach (float value in output)
        {
            variance += (value - mean) * (value - mean) / _width;
        }

        for (int i = 0; i < _width; i++)
        {
            double normed = ((output[i] - mean) / Math.Sqrt(variance + PathLayer.Epsilon) * layer.NormScale[i]) + layer.NormShift[i];
            state[i] += (float)Math.Max(normed, 0);
        }
    }

    private float Read(ReadOnlySpan<float> state, ReadOnlySpan<float> vector)
    {
        PathReadout head = readout ?? throw new InvalidOperationException("The network has no readout.");
        double score = head.OutputBias;
        for (int row = 0; row < head.HiddenWidth; row++)
        {
            ReadOnlySpan<float> weights = head.Hidden.AsSpan(row * 2 * _width, 2 * _width);
            score += head.Output[row] * Math.Max(head.HiddenBias[row] + Dot(weights, state) + Dot(weights[_width..], vector), 0);
        }

        return (float)score;
    }

    // The product of as many numbers as the second has.
    private static float Dot(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        double sum = 0;
        for (int i = 0; i < other.Length; i++)
        {
            sum += (double)one[i] * other[i];
        }

        return (float)sum;
    }
}

using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A path network that the native kernel runs.</summary>
internal sealed class NativePathNetwork : IPathNetwork
{
    private const int ThisThread = 1;

    private readonly MessageGraph _graph;
    private readonly int _width;
    private readonly bool _hasReadout;
    private readonly int _mostNewNodes;
    private readonly NativePathCondition _condition;

    public NativePathNetwork(
        MessageGraph graph, NativePathGraph native, IReadOnlyList<PathLayer> layers, PathReadout? readout, int? mostNewNodes,
        NativeInstructions instructions)
    {
        _graph = graph;
        _width = layers[0].Width;
        _hasReadout = readout is not null;
        _mostNewNodes = mostNewNodes ?? 0;
        float[] labels = Join(layer => layer.Labels);
        _condition = new NativePathCondition(
            native,
            new NativePathWeights(
                _width, layers.Count, PathLayer.Epsilon, Join(layer => layer.Linear), Join(layer => layer.Bias),
                Join(layer => layer.NormScale), Join(layer => layer.NormShift), readout?.Hidden ?? [], readout?.HiddenBias ?? [],
                readout?.Output ?? [], readout?.OutputBias ?? 0, Join(layer => layer.DegreeScale ?? [])),
            labels,
            instructions);

        // Of the baseline's layers, the kernel keeps those that queries have needed: at most all but the first, which is one row.
        ByteCount = sizeof(float) * (labels.Length + ((layers.Count - 1L) * graph.NodeCount * _width));

        float[] Join(Func<PathLayer, float[]> part) => [.. layers.SelectMany(part)];
    }

    /// <inheritdoc/>
    public long ByteCount { get; }

    /// <inheritdoc/>
    public void States(PathQuery query, Span<float> states)
    {
        CheckRoom(states.Length, (long)_graph.NodeCount * _width);
        _condition.FindStates(Queries([query], answers: null), ThisThread, states);
    }

    /// <inheritdoc/>
    public void ScoreAll(ReadOnlySpan<PathQuery> queries, Span<float> scores)
    {
        CheckReadout();
        CheckRoom(scores.Length, (long)queries.Length * _graph.NodeCount);
        _condition.Score(Queries(queries, answers: null), ThisThread, scores);
    }

    /// <inheritdoc/>
    public float Score(PathQuery query, int node)
    {
        CheckReadout();
        float score = 0;
        _condition.Score(Queries([query], [node]), ThisThread, new Span<float>(ref score));
        return score;
    }

    /// <inheritdoc/>
    public void Dispose() => _condition.Dispose();

    private NativePathQueries Queries(ReadOnlySpan<PathQuery> queries, int[]? answers)
    {
        int[] sources = new int[queries.Length];
        float[] vectors = new float[queries.Length * _width];
        long[] offsets = new long[queries.Length + 1];
        for (int i = 0; i < queries.Length; i++)
        {
            sources[i] = queries[i].Source;
            queries[i].Vector.Span.CopyTo(vectors.AsSpan(i * _width, _width));
            offsets[i + 1] = offsets[i] + queries[i].Removed.Length;
        }

        int[] removed = new int[offsets[^1]];
        for (int i = 0; i < queries.Length; i++)
        {
            queries[i].Removed.Span.CopyTo(removed.AsSpan((int)offsets[i]));
        }

        return new NativePathQueries(sources, vectors, answers, offsets, removed, _mostNewNodes);
    }

    private void CheckReadout()
    {
        if (!_hasReadout)
        {
            throw new InvalidOperationException("The network has no readout.");
        }
    }

    // The kernel writes as much as there is to write.
    private static void CheckRoom(int room, long needed)
    {
        if (room < needed)
        {
            throw new ArgumentException($"There is room for {room:N0} numbers, not for {needed:N0}.");
        }
    }
}

using System.Numerics.Tensors;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// How much a node's score would change with each edge in each layer: the derivative by a factor on the edge's message, at 1. By
/// backpropagation from the one score; only nodes that the answer hears of have any.
/// </summary>
internal sealed class EdgeGradients
{
    private readonly IPathKernel _kernel;
    private readonly PathQuery _query;
    private readonly int _width;
    private readonly float[] _input, _linear, _normed, _gradient, _inputGradient;

    private EdgeGradients(IPathKernel kernel, PathQuery query, int width)
    {
        (_kernel, _query, _width) = (kernel, query, width);
        (_input, _inputGradient) = (new float[2 * width], new float[2 * width]);
        (_linear, _normed, _gradient) = (new float[width], new float[width], new float[width]);
    }

    /// <summary>Computes them.</summary>
    /// <param name="kernel">Runs the network.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="readout">The readout.</param>
    /// <param name="query">The query.</param>
    /// <param name="node">The node that is scored.</param>
    /// <returns>For each layer, a number for each edge: [layers][edges].</returns>
    public static float[][] Of(IPathKernel kernel, PathLayer[] layers, PathReadout readout, PathQuery query, int node)
    {
        int width = layers[0].Width, count = kernel.Graph.NodeCount * width;
        var edges = new float[layers.Length][];
        var work = new EdgeGradients(kernel, query, width);
        float[] states = work.StatesAfter(layers);
        float[] after = new float[count];   // the score's derivative by the states after a layer: [nodes, d]
        ReadOutBackward(readout, query, states.AsSpan(node * width, width), after.AsSpan(node * width, width));
        for (int layer = layers.Length - 1; layer >= 0; layer--)
        {
            states = work.StatesAfter(layers.AsSpan(0, layer));
            float[] before = new float[count];
            edges[layer] = work.Backward(layers[layer], states, after, before);
            after = before;
        }

        return edges;
    }

    // d score / d X = Σ over the hidden units that are on of m₂ · M₁'s row.
    private static void ReadOutBackward(PathReadout readout, PathQuery query, ReadOnlySpan<float> state, Span<float> gradient)
    {
        int width = state.Length;
        for (int row = 0; row < readout.HiddenWidth; row++)
        {
            ReadOnlySpan<float> weights = readout.Hidden.AsSpan(row * 2 * width, 2 * width);
            float value = readout.HiddenBias[row] + TensorPrimitives.Dot(weights[..width], state)
                + TensorPrimitives.Dot(weights[width..], query.Vector.Span);
            if (value > 0)
            {
                TensorPrimitives.MultiplyAdd(weights[..width], readout.Output[row], gradient, gradient);
            }
        }
    }

    private float[] StatesAfter(ReadOnlySpan<PathLayer> layers)
    {
        float[] states = new float[_kernel.Graph.NodeCount * _width];
        if (layers.IsEmpty)
        {
            _query.Vector.Span.CopyTo(states.AsSpan(_query.Source * _width));
            return states;
        }

        using IPathNetwork network = _kernel.Bind(layers.ToArray(), readout: null);
        network.States(_query, states);
        return states;
    }

    private float[] Backward(PathLayer layer, float[] states, float[] after, float[] before)
    {
        MessageGraph graph = _kernel.Graph;
        float[] edges = new float[graph.EdgeCount];
        float[] product = new float[_width];
        for (int node = 0; node < graph.NodeCount; node++)
        {
            ReadOnlySpan<float> gradient = after.AsSpan(node * _width, _width);
            if (!gradient.ContainsAnyExcept(0f))
            {
                continue;
            }

            UpdateBackward(layer, node, states, gradient, before.AsSpan(node * _width, _width));
            ReadOnlySpan<float> ofMessages = _inputGradient.AsSpan(_width);
            foreach (int edge in EdgesOf(node))
            {
                // The message X[u] ∘ w[k] came over this edge.
                int sender = graph.Senders[edge] * _width;
                TensorPrimitives.Multiply(ofMessages, layer.Labels.AsSpan(graph.Labels[edge] * _width, _width), product);
                edges[edge] = TensorPrimitives.Dot<float>(product, states.AsSpan(sender, _width));
                Span<float> ofSender = before.AsSpan(sender, _width);
                TensorPrimitives.Add(ofSender, product, ofSender);
            }
        }

        return edges;
    }

    // Back through X + relu(LayerNorm(W [X; P] + b)) of one node: adds to the gradient of X, and leaves that of P in the input's.
    private void UpdateBackward(PathLayer layer, int node, float[] states, ReadOnlySpan<float> gradient, Span<float> before)
    {
        Span<float> messages = _input.AsSpan(_width);
        states.AsSpan(node * _width, _width).CopyTo(_input);
        messages.Clear();
        if (node == _query.Source)
        {
            _query.Vector.Span.CopyTo(messages);
        }

        foreach (int edge in EdgesOf(node))
        {
            TensorPrimitives.MultiplyAdd(
                states.AsSpan(_kernel.Graph.Senders[edge] * _width, _width),
                layer.Labels.AsSpan(_kernel.Graph.Labels[edge] * _width, _width), messages, messages);
        }

        int degree = layer.DegreeScale is null ? 0 : EdgesOf(node).Count();
        if (layer.DegreeScale is { } scale)
        {
            PathLayer.ScaleByDegree(scale, degree, messages);
        }

        DenseProduct.Affine(_input, layer.Linear, layer.Bias, _linear, 2 * _width);
        float mean = TensorPrimitives.Sum<float>(_linear) / _width;
        TensorPrimitives.Subtract(_linear, mean, _normed);
        float inverse = 1 / MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(_normed) / _width) + PathLayer.Epsilon);
        TensorPrimitives.Multiply(_normed, inverse, _normed);
        for (int i = 0; i < _width; i++)
        {
            bool isOn = (_normed[i] * layer.NormScale[i]) + layer.NormShift[i] > 0;
            _gradient[i] = isOn ? gradient[i] * layer.NormScale[i] : 0;
        }

        float ofMean = TensorPrimitives.Sum<float>(_gradient) / _width;
        float ofScale = TensorPrimitives.Dot<float>(_gradient, _normed) / _width;
        Array.Clear(_inputGradient);
        for (int row = 0; row < _width; row++)
        {
            float ofLinear = inverse * (_gradient[row] - ofMean - (_normed[row] * ofScale));
            TensorPrimitives.MultiplyAdd(layer.Linear.AsSpan(row * 2 * _width, 2 * _width), ofLinear, _inputGradient, _inputGradient);
        }

        if (layer.DegreeScale is { } back)
        {
            PathLayer.ScaleByDegree(back, degree, _inputGradient.AsSpan(_width));
        }

        TensorPrimitives.Add(before, gradient, before);
        TensorPrimitives.Add(before, _inputGradient.AsSpan(0, _width), before);
    }

    private IEnumerable<int> EdgesOf(int node)
    {
        long end = _kernel.Graph.Offsets[node + 1];
        for (int edge = (int)_kernel.Graph.Offsets[node]; edge < end; edge++)
        {
            if (_query.Removed.Span.BinarySearch(edge) < 0)
            {
                yield return edge;
            }
        }
    }
}

using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// Path networks by plain tensor operations, which autograd differentiates: the twin of the native kernel, on any float type. A backward
/// pass runs its queries forward once more, so that only a part of a batch is held at once.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="memory">About how many bytes a part of a batch may take.</param>
internal sealed class TorchPathKernel(MessageGraph graph, long memory = TorchPathKernel.DefaultMemory) : IPathGradientKernel
{
    private const long DefaultMemory = 512L << 20;
    private const int NodeTensors = 10, EdgeTensors = 3;   // of a layer's graph, by rows of the width

    private readonly Tensor _senders = Kept(graph.Senders);
    private readonly Tensor _labels = Kept(graph.Labels);
    private readonly Tensor _receivers = Receivers(graph);

    /// <inheritdoc/>
    public Tensor Forward(PathParameters parameters, PathBatch batch)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        List<Tensor> parts = [];
        foreach ((int first, int count) in Parts(parameters, batch))
        {
            using var partScope = NewDisposeScope();
            parts.Add(Run(parameters, batch.Part(first, count)).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Backward(PathParameters parameters, PathBatch batch, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        Tensor[] present = [.. parameters.Present()];
        Tensor[] sums = [.. present.Append(batch.Labels).Select(tensor => zeros_like(tensor))];
        List<Tensor> vectors = [];
        foreach ((int first, int count) in Parts(parameters, batch))
        {
            using var partScope = NewDisposeScope();
            using IDisposable records = enable_grad();
            PathBatch part = batch.Part(first, count);
            Tensor[] leaves = [.. present.Append(batch.Labels).Append(part.Vectors).Select(tensor => tensor.detach().requires_grad_())];
            Tensor result = Run(parameters.With(leaves), part with { Labels = leaves[^2], Vectors = leaves[^1] });
            IList<Tensor> found = autograd.grad([result], leaves, [gradient.narrow(0, first, count)]);
            using IDisposable sum = no_grad();
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i].add_(found[i]);
            }

            vectors.Add(found[^1].MoveToOuterDisposeScope());
        }

        return [.. sums[..^1].Append(cat(vectors, 0)).Append(sums[^1]).Select(tensor => tensor.MoveToOuterDisposeScope())];
    }

    /// <summary>Frees the graph's tensors.</summary>
    public void Dispose()
    {
        _senders.Dispose();
        _labels.Dispose();
        _receivers.Dispose();
    }

    private static Tensor Index(ReadOnlySpan<int> values) => tensor(values.ToArray(), device: CPU).to(ScalarType.Int64);

    private static Tensor Kept(ReadOnlySpan<int> values)
    {
        using var scope = NewDisposeScope();
        return Index(values).DetachFromDisposeScope();
    }

    private static Tensor Receivers(MessageGraph graph)
    {
        int[] receivers = new int[graph.EdgeCount];
        for (int node = 0; node < graph.NodeCount; node++)
        {
            receivers.AsSpan((int)graph.Offsets[node]..(int)graph.Offsets[node + 1]).Fill(node);
        }

        return Kept(receivers);
    }

    private IEnumerable<(int First, int Count)> Parts(PathParameters parameters, PathBatch batch)
    {
        long numbers = (long)parameters.LayerCount * parameters.Width
            * ((EdgeTensors * (long)graph.EdgeCount) + (NodeTensors * (long)graph.NodeCount));
        int most = (int)Math.Clamp(memory / Math.Max(1, sizeof(float) * numbers), 1, batch.Count);
        for (int first = 0; first < batch.Count; first += most)
        {
            yield return (first, Math.Min(most, batch.Count - first));
        }
    }

    private Tensor Run(PathParameters parameters, PathBatch batch)
    {
        int nodes = graph.NodeCount, width = parameters.Width;
        Tensor at = nn.functional.one_hot(Index(batch.Sources), nodes).to(batch.Vectors.dtype).unsqueeze(-1);  // [B, N, 1]
        Tensor start = at * batch.Vectors.unsqueeze(1);                                                 // [B, N, d]
        Tensor states = start;
        Tensor labels = batch.Labels.index_select(0, Index(batch.Groups));                              // [B, L, K, d]
        Tensor? kept = Weights(batch);                                                                     // [B, E, 1]
        Tensor inverse = parameters.DegreeScale is null ? at : InverseDegrees(batch);                   // [B, N, 1]
        for (int layer = 0; layer < parameters.LayerCount; layer++)
        {
            Tensor messages = states.index_select(1, _senders) * labels.select(1, layer).index_select(1, _labels);
            Tensor sums = start.index_add(1, _receivers, kept is null ? messages : messages * kept, 1); // [B, N, d]
            if (parameters.DegreeScale is { } scales)
            {
                Tensor scale = scales[layer];                                                           // [3, d]
                sums *= scale[0] + (inverse.sqrt() * scale[1]) + (inverse * scale[2]);
            }

            Tensor update = nn.functional.linear(cat([states, sums], -1), parameters.Linear[layer], parameters.Bias[layer]);
            update = nn.functional.layer_norm(
                update, [width], parameters.NormScale[layer], parameters.NormShift[layer], PathLayer.Epsilon);
            states += update.relu();
        }

        return parameters.Hidden is null ? states : Read(parameters, batch, states);
    }

    private static Tensor Read(PathParameters parameters, PathBatch batch, Tensor states)
    {
        Tensor ofState = parameters.Hidden!.narrow(1, 0, parameters.Width);
        Tensor ofVector = parameters.Hidden.narrow(1, parameters.Width, parameters.Width);
        Tensor bias = nn.functional.linear(batch.Vectors, ofVector, parameters.HiddenBias!).unsqueeze(1);  // [B, 1, h]
        Tensor hidden = (nn.functional.linear(states, ofState) + bias).relu();                          // [B, N, h]
        return hidden.matmul(parameters.Output!) + parameters.OutputBias!;                              // [B, N]
    }

    private Tensor? Weights(PathBatch batch)
    {
        if (batch.Removed.All(edges => edges.Length == 0))
        {
            return null;
        }

        Tensor kept = ones([batch.Count, graph.EdgeCount], batch.Vectors.dtype, CPU);
        for (int query = 0; query < batch.Count; query++)
        {
            if (batch.Removed[query].Length > 0)
            {
                kept[query].index_fill_(0, Index(batch.Removed[query]), 0);
            }
        }

        return kept.unsqueeze(-1);
    }

    private Tensor InverseDegrees(PathBatch batch)
    {
        double[] inverse = new double[batch.Count * graph.NodeCount];
        for (int query = 0; query < batch.Count; query++)
        {
            int[] removed = new int[graph.NodeCount];
            foreach (int edge in batch.Removed[query])
            {
                removed[graph.ReceiverOf(edge)]++;
            }

            for (int node = 0; node < graph.NodeCount; node++)
            {
                long degree = graph.Offsets[node + 1] - graph.Offsets[node] - removed[node];
                inverse[(query * graph.NodeCount) + node] = 1.0 / Math.Max(degree, 1);
            }
        }

        return tensor(inverse, device: CPU).to(batch.Vectors.dtype).view(batch.Count, graph.NodeCount, 1);
    }
}

namespace Microsoft.ML.Gmt.Paths;

/// <summary>One run through the layers of a network, for a query or for the baseline.</summary>
/// <param name="graph">The graph.</param>
/// <param name="layers">The layers.</param>
/// <param name="width">d.</param>
internal sealed unsafe class PathPass(MessageGraph graph, PackedLayer[] layers, int width)
{
    /// <summary>Computes the rows of a layer.</summary>
    /// <param name="layer">Which layer, from 1.</param>
    /// <param name="rows">The nodes to compute.</param>
    /// <param name="query">The query; its source is −1 for the baseline.</param>
    /// <param name="ends">The receivers of its removed edges.</param>
    /// <param name="before">The states before the layer.</param>
    /// <param name="after">Room for the states after it: [nodes, d].</param>
    /// <param name="work">The memory of the query.</param>
    public void Run(
        int layer, ReadOnlySpan<int> rows, PathQuery query, ReadOnlySpan<int> ends, StateRows before, float* after, PathWorkspace work)
    {
        PackedLayer packed = layers[layer - 1];
        float* messages = work.Messages.Address, products = work.Products.Address;
        float** states = stackalloc float*[RowProduct.Rows];
        float** sums = stackalloc float*[RowProduct.Rows];
        fixed (int* senders = graph.Senders, labels = graph.Labels)
        {
            for (int start = 0; start < rows.Length; start += RowProduct.Rows)
            {
                int count = Math.Min(RowProduct.Rows, rows.Length - start);
                for (int i = 0; i < RowProduct.Rows; i++)
                {
                    // Of a last, short tile the first row is computed again in place of those that are missing.
                    int node = rows[start + (i < count ? i : 0)];
                    states[i] = before.Row(node, width);
                    sums[i] = messages + ((i < count ? i : 0) * width);
                    packed.Bias.Span.CopyTo(new Span<float>(products + (i * width), width));
                    if (i < count)
                    {
                        var sum = new Span<float>(sums[i], width);
                        sum.Clear();
                        if (node == query.Source)
                        {
                            query.Vector.Span.CopyTo(sum);
                        }

                        int first = (int)graph.Offsets[node];
                        EdgeRun edges = !ends.IsEmpty && ends.Contains(node)
                            ? work.Edges.Without(graph, node, query.Removed.Span)
                            : new EdgeRun(senders + first, labels + first, (int)graph.Offsets[node + 1] - first);
                        MessageSum.Add(edges, before, packed.Labels.Address, width, sums[i]);
                        if (packed.DegreeScale is { } scale)
                        {
                            PathLayer.ScaleByDegree(scale, edges.Count, sum);
                        }
                    }
                }

                RowProduct.Add(states, width, packed.Linear.Address, width, products);
                RowProduct.Add(sums, width, packed.Linear.Address + ((nint)width * width), width, products);
                for (int i = 0; i < count; i++)
                {
                    NormedUpdate.Write(
                        products + (i * width), states[i], packed, width, after + ((nint)rows[start + i] * width));
                }
            }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The messages that a node receives: Σ X[u] ∘ w[k] over its edges. Edges of one label stand together, so their states are summed first
/// and multiplied once.
/// </summary>
internal static unsafe class MessageSum
{
    /// <summary>Adds a node's messages to output.</summary>
    /// <param name="edges">The node's edges.</param>
    /// <param name="states">The states before the layer.</param>
    /// <param name="labels">w: [K, width].</param>
    /// <param name="width">A multiple of 16.</param>
    /// <param name="output">[width].</param>
    public static void Add(EdgeRun edges, StateRows states, float* labels, int width, float* output)
    {
        if (Vector512.IsHardwareAccelerated && width % 64 == 0)
        {
            for (int column = 0; column < width; column += 64)
            {
                Add64(edges, states, labels + column, width, column, output + column);
            }
        }
        else
        {
            for (int column = 0; column < width; column += 16)
            {
                Add16(edges, states, labels + column, width, column, output + column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add64(EdgeRun edges, StateRows states, float* labels, int width, int column, float* output)
    {
        Vector512<float> p0 = Vector512.Load(output), p1 = Vector512.Load(output + 16);
        Vector512<float> p2 = Vector512.Load(output + 32), p3 = Vector512.Load(output + 48);
        int edge = 0;
        while (edge < edges.Count)
        {
            int label = edges.Labels[edge];
            float* state = states.Row(edges.Senders[edge], width) + column;
            Vector512<float> s0 = Vector512.Load(state), s1 = Vector512.Load(state + 16);
            Vector512<float> s2 = Vector512.Load(state + 32), s3 = Vector512.Load(state + 48);
            for (edge++; edge < edges.Count && edges.Labels[edge] == label; edge++)
            {
                state = states.Row(edges.Senders[edge], width) + column;
                s0 += Vector512.Load(state);
                s1 += Vector512.Load(state + 16);
                s2 += Vector512.Load(state + 32);
                s3 += Vector512.Load(state + 48);
            }

            float* weight = labels + ((nint)label * width);
            p0 = Vector512.MultiplyAddEstimate(s0, Vector512.Load(weight), p0);
            p1 = Vector512.MultiplyAddEstimate(s1, Vector512.Load(weight + 16), p1);
            p2 = Vector512.MultiplyAddEstimate(s2, Vector512.Load(weight + 32), p2);
            p3 = Vector512.MultiplyAddEstimate(s3, Vector512.Load(weight + 48), p3);
        }

        p0.Store(output);
        p1.Store(output + 16);
        p2.Store(output + 32);
        p3.Store(output + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add16(EdgeRun edges, StateRows states, float* labels, int width, int column, float* output)
    {
        Vector256<float> p0 = Vector256.Load(output), p1 = Vector256.Load(output + 8);
        int edge = 0;
        while (edge < edges.Count)
        {
            int label = edges.Labels[edge];
            float* state = states.Row(edges.Senders[edge], width) + column;
            Vector256<float> s0 = Vector256.Load(state), s1 = Vector256.Load(state + 8);
            for (edge++; edge < edges.Count && edges.Labels[edge] == label; edge++)
            {
                state = states.Row(edges.Senders[edge], width) + column;
                s0 += Vector256.Load(state);
                s1 += Vector256.Load(state + 8);
            }

            float* weight = labels + ((nint)label * width);
            p0 = Vector256.MultiplyAddEstimate(s0, Vector256.Load(weight), p0);
            p1 = Vector256.MultiplyAddEstimate(s1, Vector256.Load(weight + 8), p1);
        }

        p0.Store(output);
        p1.Store(output + 8);
    }
}

using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>A place whose logits predict nodes: the end of a row's prompt, or the slot of an inner node.</summary>
/// <param name="Row">Row of the batch.</param>
/// <param name="Index">Slot; −1 for the end of the prompt.</param>
internal readonly record struct Slot(int Row, int Index);

/// <summary>
/// The second pass of <see cref="ContinuationScorer"/>: each row holds the inner nodes of one tree, filled up on the right.
/// </summary>
internal sealed class ContinuationPass(ContinuationTree[] trees, IReadOnlyList<int> promptLengths, int longestPrompt, int length)
{
    /// <summary>Slots of a row.</summary>
    public int Length => length;

    /// <summary>All inner nodes' slots.</summary>
    public IEnumerable<Slot> Slots() =>
        trees.SelectMany((tree, row) => Enumerable.Range(0, tree.Inner.Length).Select(index => new Slot(row, index)));

    /// <summary>Tokens of the inner nodes, [batch, length].</summary>
    public Tensor InputIds(Device device) => Rectangle(device, (tree, _, node) => tree.Edges[node].Token);

    /// <summary>A node stands where it would stand if its ancestors alone followed the prompt, [batch, length].</summary>
    public Tensor Positions(Device device) => Rectangle(device, (tree, row, node) => promptLengths[row] + tree.Depths[node]);

    /// <summary>True where a slot must not see a key, [batch, 1, length, longestPrompt + length].</summary>
    public Tensor Hidden(Device device)
    {
        int keys = longestPrompt + length;
        bool[] hidden = new bool[trees.Length * (long)length * keys];
        Array.Fill(hidden, true);
        for (int row = 0; row < trees.Length; row++)
        {
            ContinuationTree tree = trees[row];
            for (int slot = 0; slot < tree.Inner.Length; slot++)
            {
                Span<bool> sight = hidden.AsSpan(((row * length) + slot) * keys, keys);
                sight[(longestPrompt - promptLengths[row])..longestPrompt].Clear();
                for (int node = tree.Inner[slot]; node != ContinuationTree.Root; node = tree.Edges[node].Parent)
                {
                    sight[longestPrompt + tree.SlotOf[node]] = false;
                }
            }
        }

        return tensor(hidden, [trees.Length, 1, length, keys], device: device);
    }

    private Tensor Rectangle(Device device, Func<ContinuationTree, int, int, long> value)
    {
        long[] values = new long[trees.Length * length];
        for (int row = 0; row < trees.Length; row++)
        {
            for (int slot = 0; slot < trees[row].Inner.Length; slot++)
            {
                values[(row * length) + slot] = value(trees[row], row, trees[row].Inner[slot]);
            }
        }

        return tensor(values, [trees.Length, length], device: device);
    }
}

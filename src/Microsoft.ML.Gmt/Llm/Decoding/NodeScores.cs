using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Log-probability of every node of every tree given what stands before it.</summary>
internal sealed class NodeScores(ContinuationTree[] trees)
{
    private readonly float[][] _scores = Array.ConvertAll(trees, tree => new float[tree.Edges.Count]);

    // Which nodes a slot's logits predict.
    private readonly ILookup<Slot, int> _predicted = trees
        .SelectMany((tree, row) => tree.Edges.Select((edge, node) => (
            Slot: new Slot(row, edge.Parent == ContinuationTree.Root ? -1 : tree.SlotOf[edge.Parent]), Node: node)))
        .ToLookup(pair => pair.Slot, pair => pair.Node);

    public float this[int row, int node] => _scores[row][node];

    /// <summary>Scores of all first tokens.</summary>
    /// <param name="logits">[rows, vocabulary], one line a row, after its prompt.</param>
    public void AddEndOfPrompt(Tensor logits) => Add([.. Enumerable.Range(0, trees.Length).Select(row => new Slot(row, -1))], logits);

    /// <summary>Scores of the nodes that follow some slots.</summary>
    /// <param name="slots">The slots, one for each line of the logits.</param>
    /// <param name="logits">[slots, vocabulary].</param>
    public void Add(Slot[] slots, Tensor logits)
    {
        (int Line, Slot Slot, int Node)[] wanted =
            [.. slots.SelectMany((slot, line) => _predicted[slot].Select(node => (line, slot, node)))];
        using DisposeScope scope = NewDisposeScope();
        Tensor lines = tensor(Array.ConvertAll(wanted, item => (long)item.Line), device: logits.device);
        Tensor tokens = tensor(Array.ConvertAll(wanted, item => (long)trees[item.Slot.Row].Edges[item.Node].Token), device: logits.device);
        Tensor chosen = logits.index([TensorIndex.Tensor(lines), TensorIndex.Tensor(tokens)]);
        Tensor normalizer = logits.logsumexp(-1).index_select(0, lines);
        float[] values = [.. (chosen - normalizer).cpu().data<float>()];
        for (int index = 0; index < values.Length; index++)
        {
            _scores[wanted[index].Slot.Row][wanted[index].Node] = values[index];
        }
    }
}

using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Edge states to be encoded.</summary>
/// <remarks>
/// <para>An edge leads from an entity by a relation to a neighbor. Its <b>context</b> are the relations of the neighbor's edges, as often
/// as each occurs, of which the k most similar to the edge's own relation are kept. Its <b>state</b> is its relation and its context, and
/// nothing else:</para>
/// <code>
///                                      ┌── born in ─────▶
///                                      ├── capital of ──▶     its state, with k = 3:
///     entity ── lives in ──▶ neighbor ─┼── near ────────▶
///                                      ├── near ────────▶         (lives in; capital of, near, near)
///                                      └── won ─────────▶
/// </code>
/// <para>Every edge by "lives in" to a neighbor around which the same three relations come first has that same state.</para>
/// <para>All that the module computes of an edge follows from its state. Edges share states, so a graph has far fewer <b>distinct</b>
/// states than edges; each is encoded once, and an entity's vector is the mean over its edges: the share of each state among them
/// (<see cref="GraphEdgeStates.StateShares"/>) times the states' vectors. Which relations are most similar depends on the weights
/// (<see cref="RelationOrder"/>), so distinct states change where relation vectors are trained; <see cref="GraphEdgeStateIndex"/> follows.
/// Under a mask an edge may have a state that no edge of the graph has (<see cref="EvidenceCollector"/>).</para>
/// </remarks>
/// <param name="Relations">The relation of each state: [states].</param>
/// <param name="Contexts">The context of each state, most similar first, filled up with −1: [states · top-k].</param>
/// <param name="TopK">Room for that many relations in a context.</param>
internal sealed record EdgeStateList(int[] Relations, int[] Contexts, int TopK)
{
    private SparseMatrix? _contextMeans;
    private ulong[]? _keys;

    /// <summary>How many states there are.</summary>
    public int Count => Relations.Length;

    /// <summary>
    /// A number that says what a state is, whatever list it stands in, made on first use: [states]. Different states have different ones,
    /// but for chance (2⁻⁶⁴ a pair).
    /// </summary>
    public ulong[] Keys => _keys ??= MakeKeys();

    /// <summary>The context of a state, without the filling.</summary>
    public ReadOnlySpan<int> Context(int state)
    {
        ReadOnlySpan<int> room = Contexts.AsSpan(state * TopK, TopK);
        int end = room.IndexOf(-1);
        return end < 0 ? room : room[..end];
    }

    /// <summary>Some of the states, in the order given.</summary>
    public EdgeStateList Select(IReadOnlyList<int> states)
    {
        int[] relations = new int[states.Count];
        int[] contexts = new int[states.Count * TopK];
        for (int i = 0; i < relations.Length; i++)
        {
            relations[i] = Relations[states[i]];
            Contexts.AsSpan(states[i] * TopK, TopK).CopyTo(contexts.AsSpan(i * TopK));
        }

        return new EdgeStateList(relations, contexts, TopK);
    }

    /// <summary>
    /// The matrix that takes relation vectors to the mean of each state's context, made on first use: [states, relations]; a state without
    /// context has an empty row.
    /// </summary>
    public SparseMatrix ContextMeans(int relationCount) =>
        _contextMeans is { } made && made.ColumnCount == relationCount ? made : _contextMeans = MakeContextMeans(relationCount);

    private ulong[] MakeKeys()
    {
        ulong[] keys = new ulong[Count];
        for (int state = 0; state < keys.Length; state++)
        {
            ulong key = CounterRandom.Mix((ulong)Relations[state] + 1);
            foreach (int relation in Context(state))
            {
                key = CounterRandom.Combine(key, (ulong)relation);
            }

            keys[state] = key;
        }

        return keys;
    }

    private SparseMatrix MakeContextMeans(int relationCount)
    {
        int[] offsets = new int[Count + 1];
        var columns = new List<int>(Count * TopK);
        var values = new List<float>(columns.Capacity);
        for (int state = 0; state < Count; state++)
        {
            ReadOnlySpan<int> context = Context(state);
            for (int start = 0, end; start < context.Length; start = end)
            {
                for (end = start + 1; end < context.Length && context[end] == context[start]; end++)
                {
                }

                columns.Add(context[start]);
                values.Add((float)(end - start) / context.Length);
            }

            offsets[state + 1] = columns.Count;
        }

        return new SparseMatrix(Count, relationCount, offsets, [.. columns], [.. values]);
    }
}

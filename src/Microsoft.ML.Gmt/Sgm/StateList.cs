namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Edge states to be encoded: a state is fully said by its relation and its context, the relations of the neighbour's edges that are most
/// similar to it.
/// </summary>
/// <param name="Relations">The relation of each state: [states].</param>
/// <param name="Contexts">The context of each state, most similar first, filled up with −1: [states · top-k].</param>
/// <param name="TopK">Room for that many relations in a context.</param>
public sealed record StateList(int[] Relations, int[] Contexts, int TopK)
{
    private SparseMatrix? _contextMeans;

    /// <summary>How many states there are.</summary>
    public int Count => Relations.Length;

    /// <summary>The context of a state, without the filling.</summary>
    public ReadOnlySpan<int> Context(int state)
    {
        ReadOnlySpan<int> room = Contexts.AsSpan(state * TopK, TopK);
        int end = room.IndexOf(-1);
        return end < 0 ? room : room[..end];
    }

    /// <summary>Some of the states, in the order given.</summary>
    internal StateList Select(IReadOnlyList<int> states)
    {
        int[] relations = new int[states.Count];
        int[] contexts = new int[states.Count * TopK];
        for (int i = 0; i < relations.Length; i++)
        {
            relations[i] = Relations[states[i]];
            Contexts.AsSpan(states[i] * TopK, TopK).CopyTo(contexts.AsSpan(i * TopK));
        }

        return new StateList(relations, contexts, TopK);
    }

    /// <summary>The matrix of <see cref="SparseMatrix.ContextMeans"/>, made on first use.</summary>
    internal SparseMatrix ContextMeans(int relationCount) => _contextMeans is { } made && made.ColumnCount == relationCount
        ? made
        : _contextMeans = SparseMatrix.ContextMeans(this, relationCount);
}

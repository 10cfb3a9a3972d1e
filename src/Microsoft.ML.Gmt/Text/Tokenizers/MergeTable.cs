namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// The merges of a byte-pair encoding (Sennrich et al. 2016): which two neighboring symbols become one, and in which order.
/// Symbols are token ids, or negative numbers for pieces of text outside the vocabulary.
/// </summary>
internal sealed class MergeTable
{
    // Up to here the quadratic scan over a few cached numbers beats the heap.
    private const int LongWord = 48;

    private const int NoMerge = int.MaxValue;

    private readonly Dictionary<(int Left, int Right), (int Rank, int Symbol)> _merges;

    public MergeTable(int capacity) => _merges = new(capacity);

    /// <summary>Adds a merge; of two for one pair the later counts.</summary>
    /// <param name="left">The left symbol.</param>
    /// <param name="right">The right symbol.</param>
    /// <param name="rank">The order: lower ranks merge first, equal ranks from left to right.</param>
    /// <param name="symbol">What the two become.</param>
    public void Add(int left, int right, int rank, int symbol) => _merges[(left, right)] = (rank, symbol);

    /// <summary>Merges the symbols of a word until no merge applies.</summary>
    /// <param name="symbols">The symbols; the result stands at its beginning.</param>
    /// <param name="places">Where each symbol stands in the word, merged alike; empty where that is not asked for.</param>
    /// <returns>How many symbols are left.</returns>
    public int Apply(Span<int> symbols, Span<Range> places = default) =>
        symbols.Length < 2 ? symbols.Length : symbols.Length <= LongWord ? ApplyToShort(symbols, places) : ApplyToLong(symbols, places);

    private int Rank(int left, int right, out int symbol)
    {
        bool found = _merges.TryGetValue((left, right), out (int Rank, int Symbol) merge);
        symbol = merge.Symbol;
        return found ? merge.Rank : NoMerge;
    }

    private int ApplyToShort(Span<int> symbols, Span<Range> places)
    {
        Span<int> ranks = stackalloc int[LongWord];   // ranks[i] belongs to the pair (i, i + 1)
        Span<int> merged = stackalloc int[LongWord];
        int count = symbols.Length;
        for (int i = 0; i < count - 1; i++)
        {
            ranks[i] = Rank(symbols[i], symbols[i + 1], out merged[i]);
        }

        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i < count - 1; i++)
            {
                best = ranks[i] < ranks[best] ? i : best;
            }

            if (ranks[best] == NoMerge)
            {
                break;
            }

            symbols[best] = merged[best];
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            if (!places.IsEmpty)
            {
                places[best] = places[best].Start..places[best + 1].End;
                places[(best + 2)..count].CopyTo(places[(best + 1)..]);
            }

            ranks[(best + 1)..(count - 1)].CopyTo(ranks[best..]);
            merged[(best + 1)..(count - 1)].CopyTo(merged[best..]);
            count--;
            if (best > 0)
            {
                ranks[best - 1] = Rank(symbols[best - 1], symbols[best], out merged[best - 1]);
            }

            if (best < count - 1)
            {
                ranks[best] = Rank(symbols[best], symbols[best + 1], out merged[best]);
            }
        }

        return count;
    }

    // A linked list of symbols and a heap of candidate merges: n log n, whatever the text.
    private int ApplyToLong(Span<int> symbols, Span<Range> places)
    {
        int count = symbols.Length;
        int[] next = new int[count];
        int[] previous = new int[count];
        PriorityQueue<(int Position, int Left, int Right, int Symbol), (int Rank, int Position)> candidates = new(count);
        for (int i = 0; i < count; i++)
        {
            next[i] = i + 1 < count ? i + 1 : -1;
            previous[i] = i - 1;
            Offer(symbols, i, next[i]);
        }

        while (candidates.TryDequeue(out (int Position, int Left, int Right, int Symbol) merge, out _))
        {
            int right = next[merge.Position];
            bool stale = symbols[merge.Position] != merge.Left || right < 0 || symbols[right] != merge.Right;
            if (stale)
            {
                continue;
            }

            symbols[merge.Position] = merge.Symbol;
            symbols[right] = Gone;
            if (!places.IsEmpty)
            {
                places[merge.Position] = places[merge.Position].Start..places[right].End;
            }

            next[merge.Position] = next[right];
            if (next[right] >= 0)
            {
                previous[next[right]] = merge.Position;
            }

            Offer(symbols, previous[merge.Position], merge.Position);
            Offer(symbols, merge.Position, next[merge.Position]);
        }

        int kept = 0;
        for (int i = 0; i >= 0; i = next[i])
        {
            if (!places.IsEmpty)
            {
                places[kept] = places[i];
            }

            symbols[kept++] = symbols[i];
        }

        return kept;

        void Offer(Span<int> symbols, int left, int right)
        {
            if (left < 0 || right < 0)
            {
                return;
            }

            int rank = Rank(symbols[left], symbols[right], out int symbol);
            if (rank != NoMerge)
            {
                candidates.Enqueue((left, symbols[left], symbols[right], symbol), (rank, left));
            }
        }
    }

    // Marks a symbol that its left neighbor has swallowed; no symbol of a text has this value.
    private const int Gone = int.MinValue;
}

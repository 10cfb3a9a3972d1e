namespace Microsoft.ML.Gmt.Paths;

/// <summary>Keeps what was computed for relations, the latest used within a number of bytes. Any number of threads may use it.</summary>
/// <param name="create">Computes it for a relation.</param>
/// <param name="budget">How many bytes may be kept while nobody uses them.</param>
internal sealed class RelationCache(Func<int, ConditionedRelation> create, long budget) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Entry> _entries = [];
    private long _clock;

    /// <summary>Takes hold of a relation: computed if it is not kept, and kept at least until the lease is disposed.</summary>
    public Lease Take(int relation)
    {
        Entry? entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(relation, out entry))
            {
                _entries.Add(relation, entry = new Entry(new Lazy<ConditionedRelation>(() => create(relation))));
            }

            entry.Users++;
            entry.LastUse = ++_clock;
        }

        try
        {
            return new Lease(this, entry, entry.Content.Value);
        }
        catch
        {
            lock (_lock)
            {
                // A lazy value remembers its exception; the next who asks tries again.
                entry.Users--;
                if (_entries.GetValueOrDefault(relation) == entry)
                {
                    _entries.Remove(relation);
                }
            }

            throw;
        }
    }

    /// <summary>Frees everything; nobody may use it any more.</summary>
    public void Dispose()
    {
        foreach (Entry entry in _entries.Values.Where(entry => entry.Content.IsValueCreated))
        {
            entry.Content.Value.Dispose();
        }

        _entries.Clear();
    }

    private void Return(Entry entry)
    {
        List<ConditionedRelation> evicted = [];
        lock (_lock)
        {
            entry.Users--;
            long kept = _entries.Values.Where(other => other.Content.IsValueCreated).Sum(other => other.Content.Value.ByteCount);
            foreach ((int relation, Entry old) in _entries.Where(pair => pair.Value is { Users: 0, Content.IsValueCreated: true })
                .OrderBy(pair => pair.Value.LastUse).ToArray())
            {
                if (kept <= budget)
                {
                    break;
                }

                kept -= old.Content.Value.ByteCount;
                evicted.Add(old.Content.Value);
                _entries.Remove(relation);
            }
        }

        evicted.ForEach(old => old.Dispose());
    }

    /// <summary>A hold of a relation.</summary>
    internal readonly struct Lease(RelationCache cache, Entry entry, ConditionedRelation relation) : IDisposable
    {
        /// <summary>What was computed for the relation.</summary>
        public ConditionedRelation Relation => relation;

        /// <summary>Lets go of it.</summary>
        public void Dispose() => cache.Return(entry);
    }

    internal sealed class Entry(Lazy<ConditionedRelation> content)
    {
        public Lazy<ConditionedRelation> Content => content;

        public int Users { get; set; }

        public long LastUse { get; set; }
    }
}

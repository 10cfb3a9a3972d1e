using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>The names of a graph's entities or relations; a name's position is its id. Immutable.</summary>
public sealed class Vocabulary
{
    private readonly string[] _names;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsOfSpans;

    /// <summary>Creates a vocabulary that gives the names ids 0, 1, 2 … in their order.</summary>
    /// <param name="names">Names, each one once; compared letter by letter, without regard to culture.</param>
    /// <exception cref="ArgumentException">A name is null or occurs twice.</exception>
    public Vocabulary(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _names = [.. names];
        _ids = new Dictionary<string, int>(_names.Length, StringComparer.Ordinal);
        for (int id = 0; id < _names.Length; id++)
        {
            string name = _names[id] ?? throw new ArgumentException($"The name with id {id} is null; give every id a name.", nameof(names));
            if (!_ids.TryAdd(name, id))
            {
                throw new ArgumentException($"The name '{name}' has ids {_ids[name]} and {id}; names must be distinct.", nameof(names));
            }
        }

        _idsOfSpans = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many names there are; ids run from 0 to this, exclusive.</summary>
    public int Count => _names.Length;

    /// <summary>All names, in the order of their ids.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Whether another has the same names in the same order, so that ids mean the same in both.</summary>
    internal bool HasNamesOf(Vocabulary other) => ReferenceEquals(this, other) || _names.AsSpan().SequenceEqual(other._names);

    /// <summary>The name of an id.</summary>
    /// <param name="id">0 … <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public string this[int id] => (uint)id < (uint)_names.Length ? _names[id] : throw NoSuchId(id);

    /// <summary>Finds the id of a name.</summary>
    /// <param name="name">The name, exactly as the graph spells it; null is no name.</param>
    /// <param name="id">The id, or -1 where the graph lacks the name.</param>
    /// <returns>Whether the graph has the name.</returns>
    public bool TryGetId([NotNullWhen(true)] string? name, out int id)
    {
        if (name is not null && _ids.TryGetValue(name, out id))
        {
            return true;
        }

        id = -1;
        return false;
    }

    /// <inheritdoc cref="TryGetId(string?, out int)"/>
    public bool TryGetId(ReadOnlySpan<char> name, out int id)
    {
        if (_idsOfSpans.TryGetValue(name, out id))
        {
            return true;
        }

        id = -1;
        return false;
    }

    /// <summary>The id of a name. What people write is better looked up by <see cref="KnowledgeGraph.FindEntity"/>.</summary>
    /// <param name="name">The name, exactly as the graph spells it.</param>
    /// <exception cref="KeyNotFoundException">The graph lacks the name.</exception>
    public int GetId(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryGetId(name, out int id)
            ? id
            : throw new KeyNotFoundException($"The graph has no '{name}' among its {Count} names; names are compared letter by letter.");
    }

    private ArgumentOutOfRangeException NoSuchId(int id) =>
        new(nameof(id), id, $"There is no id {id}: this vocabulary has {Count} names, with ids from 0.");
}

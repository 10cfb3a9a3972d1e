using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Collects distinct edge states (<see cref="EdgeStateList"/>) and numbers them in the order in which they come.</summary>
internal sealed class EdgeStateTable(int topK)
{
    private readonly Dictionary<State, int> _known = [];
    private readonly List<int> _relations = [];
    private readonly List<int> _contexts = [];

    /// <summary>The number of the state with this relation and context, a new one where it is not known yet.</summary>
    public int Add(int relation, ReadOnlySpan<int> context)
    {
        int[] key = new int[topK + 1];
        key.AsSpan().Fill(-1);
        key[0] = relation;
        context.CopyTo(key.AsSpan(1));
        ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, new State(key), out bool exists);
        if (!exists)
        {
            id = _relations.Count;
            _relations.Add(relation);
            _contexts.AddRange(key.AsSpan(1));
        }

        return id;
    }

    public EdgeStateList ToList() => new([.. _relations], [.. _contexts], topK);

    private readonly struct State(int[] key) : IEquatable<State>
    {
        private readonly int[] _key = key;

        public bool Equals(State other) => _key.AsSpan().SequenceEqual(other._key);

        public override bool Equals(object? obj) => obj is State other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(_key.AsSpan()));
            return hash.ToHashCode();
        }
    }
}

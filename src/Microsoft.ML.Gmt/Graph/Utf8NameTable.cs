using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Gives names ids in the order of arrival, straight from UTF-8 bytes: a hash table with open addressing whose names lie one after the
/// other in one array, so that a name seen before costs no allocation and no decoding.
/// </summary>
internal sealed class Utf8NameTable
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly ulong _seed = unchecked((ulong)Random.Shared.NextInt64());
    private readonly List<byte[]> _blocks = [];
    private Slot[] _slots = new Slot[1 << 10];
    private Name[] _names = new Name[1 << 9];
    private int _blockEnd;

    /// <summary>How many names there are.</summary>
    public int Count { get; private set; }

    /// <summary>The id of a name, which is new where the count has grown; -1 for what is not UTF-8, which is not kept.</summary>
    public int Add(ReadOnlySpan<byte> name)
    {
        uint hash = Hash(name);
        int mask = _slots.Length - 1;
        for (int at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            Slot slot = _slots[at];
            if (slot.Number == 0)
            {
                return Utf8.IsValid(name) ? Insert(name, hash, at) : -1;
            }

            if (slot.Hash == hash && Bytes(slot.Number - 1).SequenceEqual(name))
            {
                return slot.Number - 1;
            }
        }
    }

    /// <summary>Decodes all names.</summary>
    public Vocabulary ToVocabulary() => new(Enumerable.Range(0, Count).Select(id => Encoding.UTF8.GetString(Bytes(id))));

    private ReadOnlySpan<byte> Bytes(int id)
    {
        Name name = _names[id];
        return _blocks[name.Block].AsSpan(name.Start, name.Length);
    }

    private int Insert(ReadOnlySpan<byte> name, uint hash, int at)
    {
        int id = Count++;
        if (id == _names.Length)
        {
            Array.Resize(ref _names, 2 * _names.Length);
        }

        _names[id] = Store(name);
        _slots[at] = new Slot(hash, id + 1);
        if (2 * Count > _slots.Length)
        {
            Grow();
        }

        return id;
    }

    private Name Store(ReadOnlySpan<byte> name)
    {
        const int smallest = 1 << 12, largest = 1 << 20;
        if (_blocks.Count == 0 || _blockEnd + name.Length > _blocks[^1].Length)
        {
            int block = smallest << Math.Min(_blocks.Count, int.Log2(largest / smallest));
            _blocks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(block, name.Length)));
            _blockEnd = 0;
        }

        name.CopyTo(_blocks[^1].AsSpan(_blockEnd));
        var stored = new Name(_blocks.Count - 1, _blockEnd, name.Length);
        _blockEnd += name.Length;
        return stored;
    }

    private void Grow()
    {
        var slots = new Slot[2 * _slots.Length];
        int mask = slots.Length - 1;
        foreach (Slot slot in _slots)
        {
            if (slot.Number != 0)
            {
                int at = (int)slot.Hash & mask;
                while (slots[at].Number != 0)
                {
                    at = (at + 1) & mask;
                }

                slots[at] = slot;
            }
        }

        _slots = slots;
    }

    // Eight bytes at a time, each round a multiplication whose high half flows back into the low one. The seed differs by table, so that
    // nobody can write a file whose names all collide.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Hash(ReadOnlySpan<byte> name)
    {
        ulong hash = _seed ^ (ulong)name.Length;
        while (name.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(name));
            name = name[sizeof(ulong)..];
        }

        ulong rest = 0;
        for (int i = 0; i < name.Length; i++)
        {
            rest |= (ulong)name[i] << (8 * i);
        }

        hash = Mix(hash ^ rest);
        return (uint)(hash ^ (hash >> 32));
    }

    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, Multiplier, out ulong low);
        return high ^ low;
    }

    /// <param name="Hash">The name's hash.</param>
    /// <param name="Number">The name's id + 1; 0 for an empty slot.</param>
    private readonly record struct Slot(uint Hash, int Number);

    private readonly record struct Name(int Block, int Start, int Length);
}

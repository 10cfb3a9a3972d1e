using System.Buffers.Binary;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Writes and reads triples with as few whole bytes an id as the highest id needs, little-endian.</summary>
internal sealed class PackedTriples
{
    private const int TriplesABlock = 1 << 16;

    private readonly GraphBounds _bounds;
    private readonly int _entityBytes;
    private readonly int _relationBytes;

    public PackedTriples(GraphBounds bounds)
    {
        _bounds = bounds;
        (_entityBytes, _relationBytes) = (BytesFor(bounds.Entities), BytesFor(bounds.Relations));
    }

    private int TripleBytes => (2 * _entityBytes) + _relationBytes;

    public void Write(BinaryWriter writer, ReadOnlySpan<Triple> triples)
    {
        writer.Write(triples.Length);
        byte[] block = new byte[Math.Min(triples.Length, TriplesABlock) * TripleBytes];
        while (!triples.IsEmpty)
        {
            ReadOnlySpan<Triple> part = triples[..Math.Min(triples.Length, TriplesABlock)];
            Span<byte> rest = block;
            foreach (Triple triple in part)
            {
                Put(ref rest, triple.Head, _entityBytes);
                Put(ref rest, triple.Relation, _relationBytes);
                Put(ref rest, triple.Tail, _entityBytes);
            }

            writer.Write(block, 0, part.Length * TripleBytes);
            triples = triples[part.Length..];
        }
    }

    public Triple[] Read(GraphStreamReader reader)
    {
        int count = reader.ReadCount("triples");
        var triples = new List<Triple>(Math.Min(count, TriplesABlock));
        byte[] block = new byte[Math.Min(count, TriplesABlock) * TripleBytes];
        while (triples.Count < count)
        {
            int part = Math.Min(count - triples.Count, TriplesABlock);
            reader.ReadExactly(block.AsSpan(0, part * TripleBytes));
            ReadOnlySpan<byte> rest = block;
            for (int i = 0; i < part; i++)
            {
                int head = Take(ref rest, _entityBytes);
                int relation = Take(ref rest, _relationBytes);
                var triple = new Triple(head, relation, Take(ref rest, _entityBytes));
                triples.Add(
                    _bounds.Contains(triple) ? triple : throw reader.Error($"the triple {triple} is out of range: there are {_bounds}"));
            }
        }

        return [.. triples];
    }

    private static int BytesFor(int count) => count <= 1 << 8 ? 1 : count <= 1 << 16 ? 2 : count <= 1 << 24 ? 3 : 4;

    private static void Put(ref Span<byte> rest, int id, int bytes)
    {
        Span<byte> all = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(all, id);
        all[..bytes].CopyTo(rest);
        rest = rest[bytes..];
    }

    private static int Take(ref ReadOnlySpan<byte> rest, int bytes)
    {
        Span<byte> all = stackalloc byte[sizeof(int)];
        all.Clear();
        rest[..bytes].CopyTo(all);
        rest = rest[bytes..];
        return BinaryPrimitives.ReadInt32LittleEndian(all);
    }
}

using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Saves and loads graphs whole: vocabularies, triples of all splits, labeled negatives, texts and definitions. The form is versioned,
/// little-endian and the same on every machine.
/// </summary>
/// <remarks>
/// Layout: the eight bytes <c>GMTGRAPH</c>; version (int32); 1 with inverse relations, else 0 (byte); entity names, relation names; for
/// each split its triples, then for each split its negatives; texts and definitions of the entities, then of the relations; the four bytes
/// <c>GEND</c>; the 32 bytes of the SHA-256 of all that stands before. Version 1 ends with <c>GEND</c>. Names: their number (int32), then
/// each as its length in bytes (7 bits a byte, low ones first) and UTF-8. Texts: their number
/// (int32), then id (int32) and text each, ids ascending. Triples: their number (int32),
/// then head, relation, tail each in as few bytes as the highest id needs.
/// </remarks>
public static class KnowledgeGraphFormat
{
    /// <summary>The version that <see cref="Save"/> writes.</summary>
    // 1: first.
    // 2: ends with a hash. No single bit makes a 1 of a 2.
    public const int Version = 2;

    private const int FirstWithHash = 2;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> Start => "GMTGRAPH"u8;

    private static ReadOnlySpan<byte> End => "GEND"u8;

    /// <summary>Writes a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="stream">Where to; it stays open and is not flushed to disk.</param>
    /// <exception cref="EncoderFallbackException">A name or text holds half a surrogate pair, which no encoding can write.</exception>
    public static void Save(KnowledgeGraph graph, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(stream);
        using var hashing = new HashingStream(stream);
        using var writer = new BinaryWriter(hashing, Strict, leaveOpen: true);
        GraphContent content = graph.Content;
        writer.Write(Start);
        writer.Write(Version);
        writer.Write(graph.AddInverse);
        WriteNames(writer, content.Entities);
        WriteNames(writer, content.Relations);
        var triples = new PackedTriples(graph.Bounds);
        foreach (Triple[] split in content.Triples.Concat(content.Negatives))
        {
            triples.Write(writer, split);
        }

        foreach (NameTexts texts in new[] { content.EntityTexts, content.EntityDefinitions, content.RelationTexts, content.RelationDefinitions })
        {
            WriteTexts(writer, texts);
        }

        writer.Write(End);
        writer.Flush();
        stream.Write(Convert.FromHexString(hashing.Finish().Sha256));
    }

    /// <summary>
    /// Reads a graph that <see cref="Save"/> wrote. Memory is taken only as data arrives, whatever sizes the stream claims.
    /// </summary>
    /// <param name="stream">Where from; it stays open, and what follows the graph is not read.</param>
    /// <exception cref="GraphFormatException">The stream holds no such graph, is damaged or cut off, or is of a later version.</exception>
    /// <example>
    /// <code>
    /// using (Stream file = File.Create("codex-s.graph"))
    /// {
    ///     KnowledgeGraphFormat.Save(KnowledgeGraphReader.Read("codex-s"), file);
    /// }
    ///
    /// using Stream saved = File.OpenRead("codex-s.graph");
    /// KnowledgeGraph graph = KnowledgeGraphFormat.Load(saved);
    /// </code>
    /// </example>
    public static KnowledgeGraph Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var hashing = new HashingStream(stream);
        var reader = new GraphStreamReader(hashing);
        reader.Expect(Start, "it does not begin as a saved graph does");
        int version = reader.ReadInt32();
        if (version is < 1 or > Version)
        {
            throw reader.Error($"its version is {version}, and this library reads versions up to {Version}; use a newer one");
        }

        bool addInverse = reader.ReadFlag();
        Vocabulary entities = reader.ReadNames("entity");
        Vocabulary relations = reader.ReadNames("relation");
        var triples = new PackedTriples(new GraphBounds(entities.Count, relations.Count));
        var content = new GraphContent(entities, relations)
        {
            Triples = [triples.Read(reader), triples.Read(reader), triples.Read(reader)],
            Negatives = [triples.Read(reader), triples.Read(reader), triples.Read(reader)],
            EntityTexts = reader.ReadTexts(entities.Count),
            EntityDefinitions = reader.ReadTexts(entities.Count),
            RelationTexts = reader.ReadTexts(relations.Count),
            RelationDefinitions = reader.ReadTexts(relations.Count),
        };
        reader.Expect(End, "it does not end as a saved graph does");
        if (version >= FirstWithHash)
        {
            byte[] hash = Convert.FromHexString(hashing.Finish().Sha256);
            reader.Expect(hash, "its bytes are not those that were saved, as their SHA-256 hash shows");
        }

        return new KnowledgeGraph(content, addInverse);
    }

    /// <summary>Reads the graph of a file.</summary>
    internal static KnowledgeGraph Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var buffered = new BufferedStream(file, 1 << 16);
        KnowledgeGraph graph = Load(buffered);
        return buffered.ReadByte() < 0 ? graph : throw new GraphFormatException(
            "the file goes on after the saved graph; save the graph again, or read it from its files.", path, 0, 0, null);
    }

    /// <summary>Whether a file begins as a saved graph does.</summary>
    internal static bool IsAt(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Span<byte> first = stackalloc byte[Start.Length];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length && first.SequenceEqual(Start);
    }

    private static void WriteNames(BinaryWriter writer, Vocabulary names)
    {
        writer.Write(names.Count);
        foreach (string name in names.Names)
        {
            writer.Write(name);
        }
    }

    private static void WriteTexts(BinaryWriter writer, NameTexts texts)
    {
        writer.Write(texts.Count());
        for (int id = 0; id < texts.Length; id++)
        {
            if (texts[id] is { } text)
            {
                writer.Write(id);
                writer.Write(text);
            }
        }
    }
}

using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Files that hold no triple a line: what they are, and how they become something that is read.</summary>
internal static class ForeignFormat
{
    private static readonly (byte[] Start, string Kind)[] Signatures =
    [
        ("<?xml"u8.ToArray(), "XML; of RDF/XML make N-Triples, as 'rapper -o ntriples' or rdflib do"),
        ("<rdf:RDF"u8.ToArray(), "RDF/XML; make N-Triples of it, as 'rapper -o ntriples' or rdflib do"),
        ("<!DOCTYPE rdf"u8.ToArray(), "RDF/XML; make N-Triples of it, as 'rapper -o ntriples' or rdflib do"),
        ("GMTGRAPH"u8.ToArray(), "a graph saved by KnowledgeGraphFormat.Save; load it with KnowledgeGraphFormat.Load"),
    ];

    /// <summary>Refuses the first bytes of a file whose encoding is UTF-16 or UTF-32.</summary>
    public static void RefuseEncoding(string path, ReadOnlySpan<byte> start)
    {
        bool isMarked = start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..];

        // Letters of Latin scripts have a byte of zero beside each other byte; text of UTF-8 has none.
        bool isWide = start.Length >= 8 && (IsEveryOther(start[..8], 0) || IsEveryOther(start[..8], 1));
        if (isMarked || isWide)
        {
            string encoding = start is [0xFF, 0xFE, 0, 0, ..] or [0, 0, ..] ? "UTF-32" : "UTF-16, which Excel calls \"Unicode text\"";
            throw new GraphFormatException($"the file is {encoding}; save it as UTF-8, such as \"CSV UTF-8\".", path, 1, 1, null);
        }
    }

    /// <summary>Refuses the first bytes of a file that holds no text of names at all.</summary>
    public static void RefuseMistaken(string path, ReadOnlySpan<byte> start)
    {
        if (MistakenFile.RecognizeInText(start[..Math.Min(start.Length, MistakenFile.HeadLength)]) is { } mistake)
        {
            throw new GraphFormatException($"{mistake.Problem} {mistake.Remedy}", path, 0, 0, null);
        }
    }

    /// <summary>Refuses lines that are no triples of names for a reason that can be told.</summary>
    public static void Refuse(string path, IReadOnlyList<byte[]> lines)
    {
        ReadOnlySpan<byte> first = lines[0];
        foreach ((byte[] start, string kind) in Signatures)
        {
            if (first.StartsWith(start))
            {
                throw new GraphFormatException($"this is {kind}.", path, 0, 0, null);
            }
        }

        if (lines.Any(line => IsTurtleDirective(line)))
        {
            throw Turtle(path);
        }

        if (first.Trim(" \t"u8) is [(byte)'{'] or [(byte)'{', (byte)'"', ..] or [(byte)'['] or [(byte)'[', (byte)'{' or (byte)'[', ..])
        {
            throw new GraphFormatException("this is JSON; export the triples as CSV or TSV, one a line.", path, 0, 0, null);
        }

        if (IsNumber(first) && lines.Count > 1 && lines.Skip(1).All(IsThreeNumbers))
        {
            throw new GraphFormatException(
                "this is a triple file of OpenKE: the number of its lines, then ids; "
                + $"read its folder, where '{OpenKeFolder.EntityFile}' names them.",
                path, 1, 0, Encoding.ASCII.GetString(first));
        }
    }

    /// <summary>What is said of Turtle.</summary>
    public static GraphFormatException Turtle(string path) => new(
        "this is Turtle; make N-Triples of it, one triple a line, as 'rapper -i turtle -o ntriples' or rdflib do.", path, 0, 0, null);

    /// <summary>Whether a line holds a number alone.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> line) => OpenKeFields.Split(line) is [var only] && OpenKeFields.IsNumber(line[only]);

    /// <summary>Whether a line holds three numbers.</summary>
    public static bool IsThreeNumbers(byte[] line) =>
        OpenKeFields.Split(line) is { Count: 3 } fields && fields.TrueForAll(field => OpenKeFields.IsNumber(line.AsSpan()[field]));

    private static bool IsTurtleDirective(ReadOnlySpan<byte> line) =>
        line.Contains((byte)'<')
        && (line.StartsWith("@prefix "u8) || line.StartsWith("@base "u8) || line.StartsWith("PREFIX "u8) || line.StartsWith("BASE <"u8));

    private static bool IsEveryOther(ReadOnlySpan<byte> bytes, int from)
    {
        bool isZero = true, isLetter = true;
        for (int i = 0; i < bytes.Length; i++)
        {
            isZero &= i % 2 != from || bytes[i] == 0;
            isLetter &= i % 2 == from || bytes[i] != 0;
        }

        return isZero && isLetter;
    }
}

using System.IO.Compression;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Says what a file holds; its first bytes tell what it is, whatever its name.</summary>
internal static class FileInspector
{
    private const byte PickleProtocol = 0x80;

    /// <summary>Looks into a file.</summary>
    /// <exception cref="CommandFailure">It is none of the kinds that are known.</exception>
    /// <exception cref="GmtFileException">It is malformed, or something that stands in place of a file.</exception>
    public static IReadOnlyList<Report> Inspect(string path)
    {
        ReadOnlySpan<byte> head = MistakenFile.Head(path);
        if (MistakenFile.IsInPlaceOfFile(head) && MistakenFile.Recognize(head) is { } mistake)
        {
            throw new GmtFileException(path, null, mistake.Problem, mistake.Remedy);
        }

        return head is [(byte)'P', (byte)'K', ..] && !IsTorch(path) ? ArchiveInspector.Inspect(path) : [Single(path, head)];
    }

    private static Report Single(string path, ReadOnlySpan<byte> head)
    {
        string name = Path.GetFileName(path);
        return head switch
        {
            [] => throw new CommandFailure($"{path} is empty."),
            [(byte)'P', (byte)'K', ..] => WeightInspector.Torch(path),
            _ when head.StartsWith("GGUF"u8) => WeightInspector.Gguf(path),
            _ when head.StartsWith("GMTGRAPH"u8) => Graph(path),
            [PickleProtocol, ..] => WeightInspector.Torch(path),
            [_, _, _, _, _, _, 0, 0, (byte)'{', ..] => WeightInspector.Safetensors(path),
            [0x0A, ..] when path.EndsWith(".model", StringComparison.Ordinal) => ModelInspector.Tokenizer(
                Path.GetDirectoryName(Path.GetFullPath(path))!),
            _ when path.EndsWith(".index.json", StringComparison.Ordinal) => WeightInspector.Index(path),
            _ when name == "vocab.txt" => TextInspector.Vocabulary(path),
            _ when name == "tokenizer.json" => ModelInspector.Tokenizer(Path.GetDirectoryName(Path.GetFullPath(path))!),
            _ when Trimmed(head) is [(byte)'{' or (byte)'[', ..] => ConfigInspector.Instructions(path) ?? ConfigInspector.Settings(path),
            _ => TextInspector.OpenKe(path) ?? TextInspector.NamedTexts(path) ?? Triples(path),
        };
    }

    private static Report Graph(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return GraphReport.Summary($"{path}: saved knowledge graph", KnowledgeGraphFormat.Load(stream));
    }

    /// <summary>Text that is nothing else may be triples of names.</summary>
    private static Report Triples(string path)
    {
        try
        {
            return GraphReport.Summary($"{path}: triples of names", KnowledgeGraphReader.ReadDelimited(path));
        }
        catch (GraphFormatException e)
        {
            throw new CommandFailure(
                $"{path} is of no kind that is known: not safetensors, PyTorch, ML.NET's zip, a saved graph, a tokenizer, JSON or a file of OpenKE; "
                + $"and as triples it fails: {e.Message}",
                e);
        }
    }

    private static bool IsTorch(string path)
    {
        try
        {
            using ZipArchive zip = ZipFile.OpenRead(path);
            return zip.Entries.Any(entry => entry.Name == "data.pkl");
        }
        catch (InvalidDataException)
        {
            return true; // our own reader says better what is wrong with it
        }
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> head) =>
        head[(head.StartsWith("\uFEFF"u8) ? 3 : 0)..].TrimStart(" \t\r\n"u8);
}

using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Says what a model of ML.NET holds: the entries of its archive, and what those of this library's transformers hold.</summary>
internal static class ArchiveInspector
{
    // As docs/model-archive.md lists them. A base model in the archive is the user's own, to be looked at in its folder.
    private static readonly string[] FilesOfTransformers = [Config, Weights, Graph];

    private const string Config = "config.json", Weights = "weights.safetensors", Graph = "graph.gmtgraph";
    private const long LongestText = 16 << 20, LongestHeader = 100_000_000;

    /// <summary>The archive's entries, then each of a transformer's files.</summary>
    public static IReadOnlyList<Report> Inspect(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        CheckSizes(path, zip);
        bool isModel = zip.Entries.Any(entry => Name(entry) is "TrainingInfo/Version.txt" or "Version.txt");
        Report entries = new Report($"{path}: {(isModel ? "ML.NET model" : "zip archive")}")
            .With("entries", zip.Entries.Count)
            .With("size of the file", new ByteSize(new FileInfo(path).Length))
            .With("size unpacked", new ByteSize(zip.Entries.Sum(entry => entry.Length)))
            .With(new ReportTable(
                "entries by name", ["name", "size", "packed"],
                [.. zip.Entries.Select(entry => (IReadOnlyList<object?>)[entry.FullName, new ByteSize(entry.Length), new ByteSize(entry.CompressedLength)])]));
        return isModel
            ? [entries, .. zip.Entries.Where(entry => FilesOfTransformers.Contains(Path.GetFileName(Name(entry)))).SelectMany(entry => Unpacked(path, entry))]
            : [entries];
    }

    /// <summary>What the transformers of a model record of themselves.</summary>
    public static IReadOnlyList<Report> Settings(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        CheckSizes(path, zip);
        return [.. zip.Entries.Where(entry => Path.GetFileName(Name(entry)) == Config).SelectMany(entry => Unpacked(path, entry))];
    }

    /// <summary>An entry can be no larger packed than the file, and no larger unpacked than deflation makes of so many bytes.</summary>
    private static void CheckSizes(string path, ZipArchive zip)
    {
        const long LargestRatio = 1032;
        long file = new FileInfo(path).Length;
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (entry.CompressedLength < 0 || entry.CompressedLength > file || entry.Length < 0
                || entry.Length / LargestRatio > entry.CompressedLength)
            {
                throw new GmtFileException(
                    path, Name(entry),
                    $"it claims {entry.Length} bytes, packed into {entry.CompressedLength} of a file of {file}; that cannot be.",
                    "The archive is damaged or made to do harm: get it from its source again.");
            }
        }
    }

    /// <summary>What an entry holds, of which no more is unpacked than that takes.</summary>
    private static IReadOnlyList<Report> Unpacked(string path, ZipArchiveEntry entry)
    {
        string place = $"{path}, {Name(entry)}", kind = Path.GetFileName(Name(entry));
        using Stream unpacked = ArchiveEntry.Open(entry, place);
        try
        {
            switch (kind)
            {
                case Graph:
                    ArchiveEntry.CheckSize(entry, place);
                    return [GraphReport.Summary($"{place}: saved knowledge graph", KnowledgeGraphFormat.Load(unpacked))];
                case Weights:
                    return Inspect(path, entry, file => WriteHeader(unpacked, entry.Length, file));
                default:
                    ArchiveEntry.CheckSize(entry, place, LongestText);
                    return Inspect(path, entry, file => CopyStart(unpacked, entry.Length, file));
            }
        }
        catch (Exception e) when (ArchiveEntry.IsDamage(e))
        {
            throw ArchiveEntry.Damaged(place, e);
        }
    }

    /// <summary>Writes the header, and room for the data, which nobody reads and no disk has to hold.</summary>
    private static void WriteHeader(Stream unpacked, long length, FileStream file)
    {
        Span<byte> size = stackalloc byte[sizeof(long)];
        int read = unpacked.ReadAtLeast(size, size.Length, throwOnEndOfStream: false);
        file.Write(size[..read]);
        if (read == size.Length && BinaryPrimitives.ReadInt64LittleEndian(size) is > 0 and <= LongestHeader and var header)
        {
            CopyStart(unpacked, header, file);
        }

        file.SetLength(Math.Max(length, file.Length));
    }

    private static void CopyStart(Stream unpacked, long length, FileStream file)
    {
        byte[] part = new byte[1 << 16];
        for (int read; length > 0 && (read = unpacked.Read(part, 0, (int)Math.Min(part.Length, length))) > 0; length -= read)
        {
            file.Write(part, 0, read);
        }
    }

    private static IReadOnlyList<Report> Inspect(string path, ZipArchiveEntry entry, Action<FileStream> write)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, Path.GetFileName(Name(entry)));
        using (FileStream stream = File.Create(file))
        {
            write(stream);
        }

        return
        [
            .. FileInspector.Inspect(file).Select(report => report with
            {
                Title = report.Title.Replace(file, $"{path}, {Name(entry)}", StringComparison.Ordinal),
            }),
        ];
    }

    private static string Name(ZipArchiveEntry entry) => entry.FullName.Replace('\\', '/');
}

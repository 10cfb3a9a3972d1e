using System.IO.Compression;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.Inspection;

/// <summary>Says what a model of ML.NET holds: the entries of its archive.</summary>
internal static class ArchiveInspector
{
    /// <summary>The archive's entries.</summary>
    public static Report Entries(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        bool isModel = zip.Entries.Any(entry => entry.FullName.Replace('\\', '/') is "TrainingInfo/Version.txt" or "Version.txt");
        return new Report($"{path}: {(isModel ? "ML.NET model" : "zip archive")}")
            .With("entries", zip.Entries.Count)
            .With("size of the file", new ByteSize(new FileInfo(path).Length))
            .With("size unpacked", new ByteSize(zip.Entries.Sum(entry => entry.Length)))
            .With(new ReportTable(
                "entries by name", ["name", "size", "packed"],
                [.. zip.Entries.Select(entry => (IReadOnlyList<object?>)[entry.FullName, new ByteSize(entry.Length), new ByteSize(entry.CompressedLength)])]));
    }
}

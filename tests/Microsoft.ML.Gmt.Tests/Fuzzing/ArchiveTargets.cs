using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>
/// Archives of models: whole, and the entries of one with hashes that are right, for else these stop every change before it is seen what
/// becomes of it.
/// </summary>
internal static class ArchiveTargets
{
    private const string Folder = "model";

    private static readonly MLContext Context = new() { TempFilePath = FuzzFile.Scratch };

    /// <summary>
    /// An archive as <c>ml.Model.Load</c> takes it. Refusing what is not ours, names of assemblies and schemas too, is up to ML.NET and
    /// .NET.
    /// </summary>
    public static void Archive(byte[] input)
    {
        TorchRuntime.EnsureLoaded();
        try
        {
            using MemoryStream stream = new(input);
            (Context.Model.Load(stream, out _) as IDisposable)?.Dispose();
        }
        catch (Exception error) when (Cause(error) is var cause
            && (cause is GmtFileException or NotSupportedException or InvalidDataException or FileNotFoundException
                || cause.Source is "Microsoft.ML.Core" or "Microsoft.ML.Data" || !IsOfOurs(cause)))
        {
            throw new NotSupportedException(cause.Message, error);
        }
    }

    /// <summary>The entries of a transformer of stage 1.</summary>
    public static void SgmEntries(byte[] input) => Load(SgmTransformer.Load, input);

    /// <summary>The entries of a transformer of stage 2, one file of its base model among them.</summary>
    public static void GmtEntries(byte[] input) => Load(GmtTransformer.Load, input, "base-config.json");

    // ML.NET makes the parts of a chain by reflection.
    private static Exception Cause(Exception error) =>
        error is TargetInvocationException { InnerException: { } inner } ? Cause(inner) : error;

    // Whether code of ours was at work, and not ML.NET alone, which asks .NET for an assembly of any name and reads a schema of any length.
    private static bool IsOfOurs(Exception cause) => cause.StackTrace!.Split('\n').Any(line =>
        line.Contains(" Microsoft.ML.Gmt.", StringComparison.Ordinal)
        && !line.Contains(" Microsoft.ML.Gmt.Tests.", StringComparison.Ordinal));

    private static void Load(Func<IHostEnvironment, ModelEntries, IDisposable> load, byte[] input, params string[] more)
    {
        TorchRuntime.EnsureLoaded();
        string[] names = ["config.json", "weights.safetensors", "graph.gmtgraph", "history.csv", .. more];
        using ZipArchive archive = Pack(names, FuzzFile.Parts(input, names.Length));
        load(Context, new ModelEntries(Context, archive, Folder, ModelFormat.WithManifest)).Dispose();
    }

    private static ZipArchive Pack(string[] names, byte[][] parts)
    {
        MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            var manifest = new Manifest();
            for (int i = 0; i < names.Length; i++)
            {
                if (parts[i].Length > 0)
                {
                    manifest.Add(names[i], ContentHash.Of(parts[i]));
                    Add(archive, names[i], parts[i]);
                }
            }

            Add(archive, "manifest.txt", Encoding.UTF8.GetBytes(manifest.ToText()));
        }

        return new ZipArchive(stream);
    }

    private static void Add(ZipArchive archive, string name, byte[] bytes)
    {
        using Stream entry = archive.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression).Open();
        entry.Write(bytes);
    }
}

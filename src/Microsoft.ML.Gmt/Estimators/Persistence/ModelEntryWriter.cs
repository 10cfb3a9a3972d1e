using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Writes one transformer's files into a model archive, and at last the list of their hashes.</summary>
internal sealed class ModelEntryWriter
{
    private readonly ModelSaveContext _context;
    private readonly Manifest _manifest = new();

    /// <summary>Writes ML.NET's header.</summary>
    public ModelEntryWriter(ModelSaveContext context, ModelFormat format)
    {
        _context = context;
        MlNetInternals.WriteHeader(context, format);
    }

    /// <summary>The transformer's folder in the archive, with slashes.</summary>
    public string Folder => MlNetInternals.FolderOf(_context);

    /// <summary>The graphs that the archive has so far.</summary>
    public SharedGraphs Graphs => SharedGraphs.Of(MlNetInternals.ArchiveOf(_context));

    /// <summary>Writes a file.</summary>
    public void Write(string name, Action<Stream> write) => MlNetInternals.WriteEntry(_context, name, stream =>
    {
        using var hashing = new HashingStream(stream);
        write(hashing);
        _manifest.Add(name, hashing.Finish());
    });

    /// <summary>
    /// Writes the list. Whoever finds the header's version without it, or with another file, knows that the archive is damaged.
    /// </summary>
    public void Finish() =>
        MlNetInternals.WriteEntry(_context, ModelFiles.Manifest, stream => stream.Write(Encoding.UTF8.GetBytes(_manifest.ToText())));
}

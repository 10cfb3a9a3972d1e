using System.Text;

namespace Microsoft.ML.Gmt.Tests.Memory.Prompts;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("gmt-prompts-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    public string With(string file, string text) => With(file, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file and returns its path.</summary>
    public string With(string file, byte[] bytes)
    {
        string path = Path.Combine(_path, file);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}

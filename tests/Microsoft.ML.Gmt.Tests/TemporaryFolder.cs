using System.Text;

namespace Microsoft.ML.Gmt.Tests;

/// <summary>A folder of a test's own, removed with all it holds when the test is done.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gmt-test-").FullName;

    /// <summary>The path of a file in it.</summary>
    public string this[string file] => System.IO.Path.Combine(Path, file);

    /// <summary>Writes a file and returns the folder.</summary>
    public TemporaryFolder With(string file, string text) => With(file, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file and returns the folder.</summary>
    public TemporaryFolder With(string file, byte[] bytes)
    {
        Write(file, bytes);
        return this;
    }

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string file, string text) => Write(file, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string file, byte[] bytes)
    {
        File.WriteAllBytes(this[file], bytes);
        return this[file];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

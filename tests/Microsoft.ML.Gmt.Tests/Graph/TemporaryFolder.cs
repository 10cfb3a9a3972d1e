using System.Text;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>A folder of a test's own, removed with all it holds when the test is done.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gmt-graph-").FullName;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public TemporaryFolder With(string file, string text) => With(file, Encoding.UTF8.GetBytes(text));

    public TemporaryFolder With(string file, byte[] bytes)
    {
        File.WriteAllBytes(this[file], bytes);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

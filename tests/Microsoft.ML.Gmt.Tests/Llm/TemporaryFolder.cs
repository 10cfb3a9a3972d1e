namespace Microsoft.ML.Gmt.Tests.Llm;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gmt-llm-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

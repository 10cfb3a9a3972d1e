namespace Examples.Demo;

/// <summary>Where the demo's files are: below the folder of the repository, wherever the program is started.</summary>
internal static class Folders
{
    private static readonly string Repository = Find();

    public static string Data => Path.Combine(Repository, "examples", "data", "codex-s");

    public static string BaseModel => Path.Combine(Repository, "examples", "models", "tiny-llama");

    public static string Output => Directory.CreateDirectory(Path.Combine(Repository, "artifacts", "demo")).FullName;

    private static string Find()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Gmt.MLNet.sln")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException(
            "The demo reads its data from the repository's folder 'examples', which is not above the program's own folder.");
    }
}

namespace Microsoft.ML.Gmt;

/// <summary>Finds a base model that a saved model refers to.</summary>
internal static class BaseModelResolver
{
    /// <summary>The variable that lists folders of models, separated as in <c>PATH</c>.</summary>
    public const string Variable = "GMT_MODELS";

    /// <summary>The first place that holds this very model: its recorded path, then below the folders of <c>GMT_MODELS</c> under the same folder name.</summary>
    /// <exception cref="DirectoryNotFoundException">None does; the message names all places, and how to bind a model.</exception>
    public static string Find(BaseModelReference reference)
    {
        List<string> tried = [];
        foreach (string place in Places(reference))
        {
            if (!Directory.Exists(place))
            {
                tried.Add($"'{place}' (no such folder)");
            }
            else if (reference.IsIn(place, out string difference))
            {
                return place;
            }
            else
            {
                tried.Add($"'{place}' (another model: {difference})");
            }
        }

        throw new DirectoryNotFoundException(
            $"The base model of this transformer was not found. Looked in {string.Join(", ", tried)}. Bind it with ml.Model.BindBaseModel(model, path), or put "
            + $"the folder that holds '{Name(reference)}' into the environment variable {Variable}.");
    }

    private static IEnumerable<string> Places(BaseModelReference reference) =>
    [
        reference.Path,
        .. (Environment.GetEnvironmentVariable(Variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(folder => Path.Combine(folder, Name(reference))),
    ];

    private static string Name(BaseModelReference reference) => Path.GetFileName(Path.TrimEndingDirectorySeparator(reference.Path));
}

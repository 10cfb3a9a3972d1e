namespace Microsoft.ML.Gmt;

/// <summary>Finds a base model that a saved model refers to.</summary>
internal static class BaseModelResolver
{
    /// <summary>The variable that lists folders of models, separated as in <c>PATH</c>.</summary>
    public const string Variable = "GMT_MODELS";

    /// <summary>
    /// The first place that holds this very model: where this user's programs last had it (<see cref="KnownBaseModels"/>), then below the
    /// folders of <c>GMT_MODELS</c> under the same folder name. An archive of an earlier version says where it was.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">None does; the message names all places, and how to bind a model.</exception>
    public static string Find(BaseModelReference reference)
    {
        List<string> tried = [];
        if (TryFind(reference, tried) is { } found)
        {
            return found;
        }

        string looked = tried.Count == 0 ? "" : $" Looked in {string.Join(", ", tried)}.";
        throw new DirectoryNotFoundException(
            $"The base model of this transformer, '{reference.FolderName}', was not found.{looked} Bind it with "
            + $"ml.Model.BindBaseModel(model, path), or put the folder that holds '{reference.FolderName}' into the environment variable "
            + $"{Variable}.");
    }

    /// <summary>The same; null where none holds it.</summary>
    public static string? TryFind(BaseModelReference reference) => TryFind(reference, []);

    private static string? TryFind(BaseModelReference reference, List<string> tried)
    {
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

        return null;
    }

    private static IEnumerable<string> Places(BaseModelReference reference)
    {
        string[] listed = (Environment.GetEnvironmentVariable(Variable) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new[] { reference.Folder, reference.RecordedPath }.OfType<string>().Concat(KnownBaseModels.Default.FoldersOf(reference))
            .Concat(listed.Select(folder => Path.Combine(folder, reference.FolderName))).Distinct();
    }
}

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// Finds a model's folder: a local one, or that of a hub name in the local Hugging Face cache. Nothing is ever downloaded.
/// </summary>
internal sealed class ModelLocator
{
    private readonly Func<string, string?> _environment;
    private readonly string _home;

    /// <summary>Looks where this process's environment says.</summary>
    public static ModelLocator Default { get; } =
        new(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Looks where a given environment says.</summary>
    /// <param name="environment">Values of variables.</param>
    /// <param name="home">The user's folder.</param>
    public ModelLocator(Func<string, string?> environment, string home) => (_environment, _home) = (environment, home);

    /// <summary>The folder of a model.</summary>
    /// <param name="name">A folder, or a name such as <c>sentence-transformers/all-MiniLM-L6-v2</c>.</param>
    /// <param name="organization">Who a name without organization may belong to, as the library that would load it has it; null where it
    /// has none.</param>
    /// <exception cref="DirectoryNotFoundException">It is neither; the message says what to do.</exception>
    public string Find(string name, string? organization = null)
    {
        if (Directory.Exists(name))
        {
            return name;
        }

        if (File.Exists(name))
        {
            throw new DirectoryNotFoundException(
                $"'{name}' is a file. Give the folder that holds it, '{Path.GetDirectoryName(Path.GetFullPath(name))}'.");
        }

        string[] names = organization is null || name.Contains('/', StringComparison.Ordinal) ? [name] : [name, $"{organization}/{name}"];
        string[] caches = [.. Caches()];
        string? found = caches.SelectMany(cache => names.Select(candidate => Snapshot(cache, candidate)))
            .FirstOrDefault(folder => folder is not null);
        return found ?? throw new DirectoryNotFoundException(
            $"'{name}' is no folder, and no model of that name is in the Hugging Face cache ({string.Join(", ", caches)}). Give the folder of the "
            + $"model, set HF_HOME to another cache, or fetch the model into it yourself, with 'hf download {names[^1]}': nothing is downloaded from here.");
    }

    /// <summary>As huggingface_hub decides, and those of transformers and sentence-transformers.</summary>
    private IEnumerable<string> Caches()
    {
        string? Given(string variable) => _environment(variable) is not { Length: > 0 } value ? null
            : value.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(_home, value[2..])
            : value;
        string home = Given("HF_HOME") ?? Path.Combine(Given("XDG_CACHE_HOME") ?? Path.Combine(_home, ".cache"), "huggingface");
        yield return Given("HF_HUB_CACHE") ?? Given("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub");
        foreach (string other in new[] { "TRANSFORMERS_CACHE", "SENTENCE_TRANSFORMERS_HOME" })
        {
            if (Given(other) is { } cache)
            {
                yield return cache;
            }
        }
    }

    /// <summary>The files of the revision that <c>main</c> means, or of the only one there is.</summary>
    private static string? Snapshot(string cache, string name)
    {
        string model = Path.Combine(cache, "models--" + name.Replace("/", "--", StringComparison.Ordinal));
        string snapshots = Path.Combine(model, "snapshots"), main = Path.Combine(model, "refs", "main");
        if (File.Exists(main) && Path.Combine(snapshots, File.ReadAllText(main).Trim()) is var named && Directory.Exists(named))
        {
            return named;
        }

        string[] all = Directory.Exists(snapshots) ? Directory.GetDirectories(snapshots) : [];
        return all.Length == 1 ? all[0] : null;
    }
}

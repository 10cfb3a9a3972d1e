namespace Microsoft.ML.Gmt.Tests.Architecture;

/// <summary>
/// Which folder of a project may use which. The surface, whose types stand in the root namespace, may use all; nothing may use it.
/// </summary>
internal sealed class FolderRules
{
    private readonly string _root;
    private readonly string[] _surfaceNamespaces;

    private FolderRules(string project, string root, string surface, string[] also, Dictionary<string, string[]> allowed)
    {
        (Project, _root, Surface, _surfaceNamespaces) = (project, root, surface, [root, .. also]);
        allowed[surface] = [.. allowed.Keys];
        Allowed = allowed;
    }

    /// <summary>
    /// The library. Estimators, the ML.NET surface, are on top; what extends ML.NET's catalogs is in <c>Microsoft.ML</c>.
    /// </summary>
    public static FolderRules Library { get; } = new("Microsoft.ML.Gmt", "Microsoft.ML.Gmt", "Estimators", also: ["Microsoft.ML"], new()
    {
        ["Runtime"] = [],
        ["Weights"] = ["Runtime"],
        ["Layers"] = ["Weights", "Runtime"],
        ["Training"] = ["Layers", "Weights", "Runtime"],
        ["Graph"] = ["Runtime"],
        ["Evaluation"] = [],
        ["Ranking"] = ["Evaluation", "Graph", "Runtime"],
        ["Sgm"] = ["Ranking", "Evaluation", "Graph", "Training", "Layers", "Weights", "Runtime"],
        ["Kge"] = ["Ranking", "Evaluation", "Graph", "Training", "Layers", "Weights", "Runtime"],
        ["Paths"] = ["Ranking", "Evaluation", "Graph", "Training", "Layers", "Weights", "Runtime"],
        ["Features"] = ["Ranking", "Evaluation", "Graph", "Runtime"],
        ["Text"] = ["Layers", "Weights", "Runtime"],
        ["Llm"] = ["Text", "Layers", "Weights", "Runtime"],
        ["Memory"] = ["Llm", "Text", "Sgm", "Features", "Ranking", "Evaluation", "Graph", "Training", "Layers", "Weights", "Runtime"],
        ["Compatibility"] =
        [
            "Memory", "Llm", "Text", "Sgm", "Kge", "Ranking", "Evaluation", "Graph", "Training", "Layers", "Weights", "Runtime",
        ],
    });

    /// <summary>The command line: the program itself, beside the folders, puts them together.</summary>
    public static FolderRules CommandLine { get; } = new("Gmt.Cli", "Microsoft.ML.Gmt.Cli", "", also: [], new()
    {
        ["Output"] = [],
        ["CommandLine"] = ["Output"],
        ["Commands"] = ["CommandLine", "Output"],
        ["Scripts"] = ["CommandLine", "Output"],
    });

    /// <summary>The project's folder in <c>src</c>.</summary>
    public string Project { get; }

    /// <summary>The folder on top; empty where it is the project's own.</summary>
    public string Surface { get; }

    /// <summary>What each folder may use beside itself.</summary>
    public IReadOnlyDictionary<string, string[]> Allowed { get; }

    /// <summary>The rules of a project.</summary>
    public static FolderRules Of(string project) => new[] { Library, CommandLine }.Single(rules => rules.Project == project);

    /// <summary>The folder of a namespace; null for one that is not the project's.</summary>
    public string? FolderOf(string @namespace) =>
        _surfaceNamespaces.Contains(@namespace) ? Surface
        : @namespace.StartsWith($"{_root}.", StringComparison.Ordinal) ? @namespace[(_root.Length + 1)..].Split('.')[0]
        : null;

    /// <summary>The namespaces that a file in a folder such as <c>Graph/Reading</c> may declare: the first folder decides.</summary>
    public string[] NamespacesOf(string folder) =>
        folder.Split('/')[0] is var first && first == Surface ? _surfaceNamespaces : [$"{_root}.{first}"];

    /// <summary>Whether a type may use another.</summary>
    public bool Permits(TypeUse use)
    {
        if (FolderOf(use.User.Namespace) is not { } user || FolderOf(use.Used.Namespace) is not { } used || user == used)
        {
            return true;
        }

        return Allowed.TryGetValue(user, out string[]? folders) && folders.Contains(used);
    }
}

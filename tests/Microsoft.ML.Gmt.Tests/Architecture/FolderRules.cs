
namespace Microsoft.ML.Gmt.Tests.Architecture;

/// <summary>Which folder of <c>src/Microsoft.ML.Gmt</c> may use which. Estimators, the ML.NET surface, may use all; nothing may use it.</summary>
internal static class FolderRules
{
    private const string Root = "Microsoft.ML.Gmt";

    /// <summary>The folder whose types stand in the root namespace, and in <c>Microsoft.ML</c> where they extend ML.NET's catalogs.</summary>
    public const string Surface = "Estimators";

    /// <summary>What each folder may use beside itself.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
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
        ["Compatibility"] = ["Memory", "Llm", "Text", "Sgm", "Kge", "Ranking", "Evaluation", "Graph", "Training", "Layers", "Weights", "Runtime"],
        [Surface] =
        [
            "Compatibility", "Memory", "Llm", "Text", "Features", "Paths", "Kge", "Sgm", "Ranking", "Evaluation", "Graph", "Training", "Layers", "Weights", "Runtime",
        ],
    };

    /// <summary>The folder of a namespace; null for one that is not the library's.</summary>
    public static string? FolderOf(string @namespace) => @namespace switch
    {
        Root or "Microsoft.ML" => Surface,
        _ when @namespace.StartsWith($"{Root}.", StringComparison.Ordinal) => @namespace[(Root.Length + 1)..].Split('.')[0],
        _ => null,
    };

    /// <summary>The namespaces that a file may declare in a folder such as <c>Graph</c> or <c>Graph/Reading</c>: the first folder decides.</summary>
    public static string[] NamespacesOf(string folder) =>
        folder.Split('/')[0] is var first && first == Surface ? [Root, "Microsoft.ML"] : [$"{Root}.{first}"];

    /// <summary>Whether a type may use another.</summary>
    public static bool Permits(TypeUse use)
    {
        if (FolderOf(use.User.Namespace) is not { } user || FolderOf(use.Used.Namespace) is not { } used || user == used)
        {
            return true;
        }

        return Allowed.TryGetValue(user, out string[]? folders) && folders.Contains(used);
    }
}

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
        ["Graph"] = ["Runtime"],
        ["Evaluation"] = ["Graph"],
        ["Sgm"] = ["Graph", "Weights", "Evaluation", "Runtime"],
        ["Kge"] = ["Graph", "Weights", "Evaluation", "Runtime"],
        ["Paths"] = ["Graph", "Weights", "Evaluation", "Runtime"],
        ["Features"] = ["Graph", "Weights", "Evaluation", "Runtime", "Kge", "Paths"],
        ["Text"] = ["Runtime", "Weights"],
        ["Llm"] = ["Text", "Weights", "Runtime"],
        ["Memory"] = ["Sgm", "Kge", "Paths", "Features", "Llm", "Text", "Graph", "Evaluation", "Weights", "Runtime"],
        [Surface] = ["Memory", "Sgm", "Kge", "Paths", "Features", "Llm", "Text", "Graph", "Evaluation", "Weights", "Runtime"],
    };

    /// <summary>The one type of Graph that Evaluation's pure functions take.</summary>
    private static readonly string[] GraphForEvaluation = [$"{Root}.Graph.Triple"];

    /// <summary>The folder of a namespace; null for one that is not the library's.</summary>
    public static string? FolderOf(string @namespace) => @namespace switch
    {
        Root or "Microsoft.ML" => Surface,
        _ when @namespace.StartsWith($"{Root}.", StringComparison.Ordinal) => @namespace[(Root.Length + 1)..].Split('.')[0],
        _ => null,
    };

    /// <summary>The namespaces that a file may declare in a folder such as <c>Graph</c> or <c>Evaluation/TextRanking</c>.</summary>
    public static string[] NamespacesOf(string folder) =>
        folder.Split('/')[0] == Surface ? [Root, "Microsoft.ML"] : [$"{Root}.{folder.Replace('/', '.')}"];

    /// <summary>Whether a type may use another.</summary>
    public static bool Permits(TypeUse use)
    {
        if (FolderOf(use.User.Namespace) is not { } user || FolderOf(use.Used.Namespace) is not { } used || user == used)
        {
            return true;
        }

        return Allowed.TryGetValue(user, out string[]? folders) && folders.Contains(used)
            && (user != "Evaluation" || GraphForEvaluation.Contains(use.Used.FullName));
    }
}

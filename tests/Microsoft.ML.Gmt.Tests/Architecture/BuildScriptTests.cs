using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Tests.Architecture;

/// <summary>Both build scripts offer the same verbs.</summary>
[TestClass]
public sealed partial class BuildScriptTests
{
    private static readonly string[] Verbs = ["demo", "test", "build", "bench", "pack", "help"];

    [TestMethod]
    [DataRow("build.sh")]
    [DataRow("build.cmd")]
    public void Help_lists_every_verb(string script)
    {
        string text = File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, script));
        CollectionAssert.AreEqual(Verbs, Listed().Matches(text).Select(match => match.Groups[1].Value).ToArray());
    }

    [GeneratedRegex("(?m)^(?:echo)?  +([a-z]+)  +[a-z]+ .*$")]
    private static partial Regex Listed();
}

using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Tests.Architecture;

/// <summary>Both build scripts offer the same verbs, and do something for each.</summary>
[TestClass]
public sealed partial class BuildScriptTests
{
    private static readonly string[] Verbs = ["demo", "test", "test-hosts", "notebooks", "build", "bench", "pack", "docs", "help"];

    [TestMethod]
    [DataRow("build.sh")]
    [DataRow("build.cmd")]
    public void Help_lists_every_verb(string script) =>
        CollectionAssert.AreEqual(Verbs, Listed().Matches(Text(script)).Select(match => match.Groups[1].Value).ToArray());

    [TestMethod]
    public void Every_verb_of_build_sh_runs_a_function_that_is_there()
    {
        string script = Text("build.sh"), dispatch = script[script.IndexOf("case $verb in", StringComparison.Ordinal)..];
        List<string> dispatched = [];
        foreach (Match branch in ShellBranch().Matches(dispatch))
        {
            string[] names = branch.Groups["verbs"].Value.Split('|', StringSplitOptions.TrimEntries);
            foreach (string verb in names.Where(name => name[0] is not ('-' or '*')))
            {
                string function = branch.Groups["function"].Value is "\"$verb\"" ? verb : branch.Groups["function"].Value;
                StringAssert.Contains(script, $"\n{function}() {{\n", $"{verb} runs {function}");
                dispatched.Add(verb);
            }
        }

        CollectionAssert.AreEquivalent(Verbs, dispatched);
    }

    [TestMethod]
    public void Every_verb_of_build_cmd_runs_something_that_is_there()
    {
        string script = Text("build.cmd");
        string[] labels = [.. CommandLabel().Matches(script).Select(match => match.Groups[1].Value)];
        Dictionary<string, string> dispatched = CommandBranch().Matches(script).DistinctBy(match => match.Groups["verb"].Value)
            .ToDictionary(match => match.Groups["verb"].Value, match => match.Groups["action"].Value);
        CollectionAssert.AreEquivalent(Verbs, dispatched.Keys);
        foreach ((string verb, string action) in dispatched)
        {
            bool isLabel = action.StartsWith("goto ", StringComparison.Ordinal);
            Assert.IsTrue(isLabel ? labels.Contains(action["goto ".Length..]) : ProjectRun().IsMatch(action), $"{verb}: {action}");
        }
    }

    [TestMethod]
    public void Verbs_that_run_a_project_run_the_same_one_in_both()
    {
        string shell = Text("build.sh"), command = Text("build.cmd");
        foreach ((string verb, string project) in new[] { ("demo", "examples/demo"), ("bench", "tests/Benchmarks") })
        {
            StringAssert.Contains(shell, $"{verb}) run_project {project} ");
            Match branch = CommandBranch().Matches(command).First(match => match.Groups["verb"].Value == verb);
            StringAssert.Contains(branch.Value, $"--project {project.Replace('/', '\\')} -- %arguments%");
            Assert.IsNotEmpty(Directory.GetFiles(Path.Combine(Goldens.RepositoryRoot, project), "*.csproj"), project);
        }
    }

    private static string Text(string script) => File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, script)).ReplaceLineEndings("\n");

    [GeneratedRegex("(?m)^(?:echo)?  +([a-z-]+)  +[a-z]+ .*$")]
    private static partial Regex Listed();

    [GeneratedRegex("""(?m)^  (?<verbs>[^()\n]+)\) (?<function>"\$verb"|\w+)""")]
    private static partial Regex ShellBranch();

    [GeneratedRegex(@"(?m)^:(\w+)$")]
    private static partial Regex CommandLabel();

    /// <summary>A verb, and either the label to go to or the lines between the parentheses.</summary>
    [GeneratedRegex("""(?m)^if "%verb%"=="(?<verb>[\w-]+)" (?:\((?<action>[^)]*)^\)|(?<action>goto \w+))""")]
    private static partial Regex CommandBranch();

    [GeneratedRegex(@"--project [\w\\]+ ")]
    private static partial Regex ProjectRun();
}

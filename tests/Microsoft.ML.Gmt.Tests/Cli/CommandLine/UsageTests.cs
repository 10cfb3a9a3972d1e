using System.CommandLine;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Cli;
using Microsoft.ML.Gmt.Cli.CommandLine;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>Help, exit codes and where things are written.</summary>
[TestClass]
public sealed partial class UsageTests
{
    public static IEnumerable<object[]> Commands =>
        CommandList.Create().SelectMany(section => section.Commands).Select(command => new object[] { command.Name });

    [TestMethod]
    public void Help_lists_every_command()
    {
        GmtRun run = GmtRun.Of("--help").Succeeded();
        foreach (object[] command in Commands)
        {
            StringAssert.Contains(run.Output, $"\n  {command[0]} ");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void Help_of_a_command_groups_its_options_with_their_defaults(string name)
    {
        string help = GmtRun.Of(name, "--help").Succeeded().Output;
        GmtCommand command = CommandList.Create().SelectMany(section => section.Commands).Single(command => command.Name == name);
        Assert.AreEqual(command.Options.Count, command.Groups.Sum(group => group.Options.Count), "every option belongs to a group");
        foreach (OptionGroup group in command.Groups)
        {
            StringAssert.Contains(help, $"\n{group.Title}:\n");
            Assert.IsTrue(group.Options.All(option => help.Contains($"  {option.Name}", StringComparison.Ordinal)));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void Help_of_a_command_ends_with_an_example_that_the_command_takes(string name)
    {
        string help = GmtRun.Of(name, "--help").Succeeded().Output;
        string example = help[(help.LastIndexOf("\nExample:\n", StringComparison.Ordinal) + "\nExample:\n".Length)..];
        RootCommand root = new();
        GmtCommand command = CommandList.Create().SelectMany(section => section.Commands).Single(command => command.Name == name);
        root.Add(command);
        foreach (string line in example.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = [.. Words().Matches(line).Select(match => match.Value.Trim('"'))];
            Assert.AreEqual("gmt", words[0]);
            Assert.AreEqual(name, words[1]);
            ParseResult parsed = root.Parse([name, .. ArgumentForms.Unify(command, words[2..])]);
            Assert.IsEmpty(parsed.Errors, string.Join("; ", parsed.Errors));
            foreach (string path in words.Where(word => word.StartsWith("examples/", StringComparison.Ordinal)))
            {
                Assert.IsTrue(Path.Exists(Path.Combine(Goldens.RepositoryRoot, path)), path);
            }
        }
    }

    [TestMethod]
    public void Compatibility_is_decided_before_parsing_and_hands_the_line_to_the_script()
    {
        string script = GmtRun.Of("pretrain_gmt", "--help").Succeeded().Output;
        foreach (string[] line in new string[][] { ["pretrain", "--compat", "--help"], ["pretrain", "--help", "--co"], ["pretrain_gmt", "--compat", "--help"] })
        {
            Assert.AreEqual(script, GmtRun.Of(line).Succeeded().Output);
        }

        Assert.AreNotEqual(script, GmtRun.Of("pretrain", "--help").Succeeded().Output);
        StringAssert.Contains(
            GmtRun.Of("pretrain", "--compat", "--patience", "1").Error, "there is no option --patience", "the script has none");
        StringAssert.Contains(GmtRun.Of("ask", "--compat").Error, "there is no option --compat");
    }

    [TestMethod]
    public void Wrong_usage_is_2_on_the_error_stream()
    {
        foreach (string[] arguments in new string[][] { [], ["pretrian"], ["pretrain"], ["pretrain_gmt", "--kg_dir", "x", "--output_dir", "y", "--epochs", "3.5"] })
        {
            GmtRun run = GmtRun.Of(arguments);
            Assert.AreEqual(ExitCode.Usage, run.ExitCode, string.Join(' ', arguments));
            Assert.AreEqual("", run.Output);
            Assert.AreNotEqual("", run.Error);
        }

        StringAssert.Contains(GmtRun.Of("pretrian").Error, "did you mean 'pretrain'?");
        StringAssert.Contains(GmtRun.Of("pretrain_gmt").Error, "--kg_dir");
    }

    [TestMethod]
    public void A_failure_is_1_with_a_message_and_no_stack()
    {
        GmtRun run = GmtRun.Of("pretrain_gmt", "--kg_dir", "/no/such/folder", "--output_dir", "/no/such/output");
        Assert.AreEqual(ExitCode.Failure, run.ExitCode);
        Assert.AreEqual("gmt pretrain_gmt: error: There is no folder '/no/such/folder'.\n", run.Error);
    }

    [TestMethod]
    public void The_version_is_the_assemblys() => StringAssert.StartsWith(GmtRun.Of("--version").Succeeded().Output, "0.");

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|\\S+")]
    private static partial Regex Words();
}

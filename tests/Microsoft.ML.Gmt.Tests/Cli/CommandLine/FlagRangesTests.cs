using System.CommandLine;
using Microsoft.ML.Gmt.Cli;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>
/// Every number of a strict command has a range, which docs/options.md states; what is outside is
/// refused with the flag's name.
/// </summary>
[TestClass]
public sealed class FlagRangesTests
{
    private static readonly string[] Extremes = ["nan", "+nan", "inf", "-inf", "1e300", "2147483647", "-2147483648", "-1"];

    private static GmtCommand[] Strict =>
    [
        .. CommandList.Create().SelectMany(section => section.Commands).Where(command => command.Name != command.Script)
            .OrderBy(command => command.Name, StringComparer.Ordinal),
    ];

    [TestMethod]
    public void Every_number_has_a_range()
    {
        string[] without =
        [
            .. Strict.SelectMany(command => command.Options.Where(option => IsNumber(option.ValueType) && option is not IRangedOption)
                .Select(option => $"{command.Name} {option.Name}")),
        ];
        Assert.IsEmpty(without, $"no range for {string.Join(", ", without)}");
    }

    [TestMethod]
    public void The_table_in_the_docs_is_that_of_the_flags()
    {
        string[] expected =
        [
            .. Strict.SelectMany(command => command.Options.OfType<IRangedOption>()
                    .Select(option => (Flag: ((Option)option).Name, Command: command.Name, option.Range)))
                .GroupBy(item => (item.Flag, Range: item.Range.ToString())).OrderBy(group => group.Key.Flag, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Range, StringComparer.Ordinal)
                .Select(group => $"| `{group.Key.Flag}` | {string.Join(", ", group.Select(item => item.Command))} | {group.Key.Range} |"),
        ];
        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', OptionsPage.Rows("On the command line")));
    }

    [TestMethod]
    public void What_is_out_of_range_is_refused_with_the_name_of_the_flag_before_anything_is_done()
    {
        foreach (GmtCommand command in Strict)
        {
            foreach (Option option in command.Options.Where(option => option is IRangedOption))
            {
                foreach (string value in Extremes.Where(value => !IsTaken(option, value)))
                {
                    GmtRun run = GmtRun.Of(
                        [command.Name, .. Required(command, option), $"{option.Name}={value}", .. command.Arguments.Select(_ => "x")]);
                    Assert.AreEqual(2, run.ExitCode, $"{command.Name} {option.Name}={value}: {run.Error}");
                    StringAssert.Contains(run.Error, option.Name, $"{command.Name} {option.Name}={value}");
                    Assert.DoesNotContain("is required", run.Error);
                }
            }
        }
    }

    [TestMethod]
    public void The_scripts_keep_the_rules_of_Python_but_for_rates_that_are_no_numbers()
    {
        using var folder = new TemporaryFolder();
        string[] script =
        [
            "pretrain_gmt", "--kg_dir", SmallGraph.Write(folder["graph"]), "--output_dir", folder["out"], "--graph_dim", "8",
            "--rel_semantic_dim", "8",
        ];
        GmtRun.Of([.. script, "--epochs", "1", "--batch_size", "2147483647"]).Succeeded(); // whole batches only: none
        GmtRun.Of([.. script, "--epochs", "0"]).Succeeded();
        GmtRun run = GmtRun.Of([.. script, "--lr", "inf"]);
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "--lr is");
    }

    [TestMethod]
    public void Nothing_to_do_is_an_error()
    {
        using var folder = new TemporaryFolder();
        string[] command =
        [
            "pretrain", "--kg_dir", SmallGraph.Write(folder["graph"]), "--output_dir", folder["out"], "--graph_dim", "8",
            "--rel_semantic_dim", "8",
        ];
        GmtRun none = GmtRun.Of([.. command, "--epochs", "0"]);
        Assert.AreEqual(2, none.ExitCode);
        StringAssert.Contains(none.Error, "--epochs is 0; it must be from 1 to 1,000,000");
        GmtRun finetune = GmtRun.Of(
            "finetune", "--base_model", GmtPipelines.BaseModel, "--kg_dir", folder["graph"], "--output_dir", folder["out"],
            "--num_epochs", "0");
        StringAssert.Contains(finetune.Error, "--num_epochs is 0");
        File.WriteAllText(Path.Combine(folder["graph"], "train2id.txt"), "0\n");
        GmtRun empty = GmtRun.Of(command);
        Assert.AreEqual(1, empty.ExitCode);
        StringAssert.Contains(empty.Error, "There is nothing to train on");
        StringAssert.Contains(empty.Error, "no training triples");
        Assert.IsFalse(Directory.Exists(folder["out"]), "nothing was written");
    }

    private static bool IsNumber(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsPrimitive: true } plain && plain != typeof(bool);

    private static bool IsTaken(Option option, string value) => option is IRangedOption { Range: var range }
        && (option.ValueType == typeof(double) || int.TryParse(value, out _))
        && double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out double number) && range.Contains(number);

    private static string[] Required(GmtCommand command, Option but) =>
        [.. command.Options.Where(option => option.Required && option != but).Select(option => $"{option.Name}=x")];
}

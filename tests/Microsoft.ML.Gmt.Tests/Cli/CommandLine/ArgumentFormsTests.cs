using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Cli.CommandLine;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>The forms of arguments that Python's argparse takes.</summary>
[TestClass]
public sealed class ArgumentFormsTests
{
    private static readonly System.CommandLine.Command Sample = new("sample")
    {
        Flag.Text("--triple_file", "x"), Flag.Text("--triple_format", "x"),
        Flag.Number("--lr", "x", 1, new OptionRangeAttribute(-10, 10)), Flag.Switch("--mask_query", "x"),
    };

    [TestMethod]
    [DataRow("--lr 0.1", "--lr=0.1")]
    [DataRow("--lr=0.1", "--lr=0.1")]
    [DataRow("--l 0.1", "--lr=0.1", DisplayName = "a beginning")]
    [DataRow("--triple-file a", "--triple_file=a", DisplayName = "dashes")]
    [DataRow("--lr 1 --lr 2", "--lr=2", DisplayName = "the last counts")]
    [DataRow("--lr -1e-3", "--lr=-1e-3", DisplayName = "a negative number is a value")]
    [DataRow("--mask --lr 2", "--mask_query|--lr=2")]
    [DataRow("--triple_file=a=b", "--triple_file=a=b")]
    [DataRow("--triple_file=", "--triple_file|")]
    public void They_become_one_form(string typed, string expected)
    {
        IReadOnlyList<string> unified = ArgumentForms.Unify(Sample, typed.Split(' '));
        Assert.AreEqual(expected + "|--", string.Join('|', unified));
    }

    [TestMethod]
    [DataRow("--triple_f x", "--triple_f is ambiguous: it could be --triple_file, --triple_format")]
    [DataRow("--lr", "--lr needs a value")]
    [DataRow("--lr --mask_query", "--lr needs a value")]
    [DataRow("--mask_query=1", "--mask_query takes no value")]
    [DataRow("--maks_query", "there is no option --maks_query; did you mean '--mask_query'?")]
    [DataRow("-x", "there is no option -x")]
    public void What_makes_no_sense_is_refused(string typed, string expected) =>
        StringAssert.Contains(Assert.ThrowsExactly<UsageError>(() => ArgumentForms.Unify(Sample, typed.Split(' '))).Message, expected);

    [TestMethod]
    public void Values_follow_the_options_and_two_dashes_end_them()
    {
        CollectionAssert.AreEqual(
            new[] { "--lr=1", "--", "a", "-", "--lr" }, ArgumentForms.Unify(Sample, ["a", "--lr", "1", "-", "--", "--lr"]).ToArray());
    }
}

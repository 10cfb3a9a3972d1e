using Microsoft.ML.Gmt.Cli;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>What the library says of its options, the command line says of its flags.</summary>
[TestClass]
public sealed class FlagNamesTests
{
    private static GmtCommand Pretrain => Find("pretrain");

    [TestMethod]
    public void What_does_not_fit_into_memory_is_said_with_the_flags_that_make_it_smaller()
    {
        var workload = new SgmWorkload(10, 20, 4L << 30, 1, TimeSpan.FromSeconds(1), TimeSpan.Zero);
        string message = Assert.ThrowsExactly<InsufficientMemoryException>(() => workload.Check(1 << 30, 128)).Message;
        StringAssert.Contains(
            FlagNames.In(Pretrain, message), "Take a smaller --batch_size (about 16), fewer --num_neg, or a smaller --graph_dim.");
    }

    [TestMethod]
    public void Every_numeric_option_of_training_that_has_a_flag_is_said_with_it()
    {
        foreach ((string property, string flag) in new[]
        {
            ("NumberOfEpochs is 0", "NumberOfEpochs is 0"), // the flag's range is its own
            ("BatchSize · NegativesPerPositive", "--batch_size · --num_neg"), ("a smaller LearningRate", "a smaller --lr"),
        })
        {
            Assert.AreEqual(flag, FlagNames.In(Pretrain, property));
        }

        Assert.AreEqual("a smaller --learning_rate", FlagNames.In(Find("finetune"), "a smaller LearningRate"));
        Assert.AreEqual("Raise --cutoff_len.", FlagNames.In(Find("finetune"), "Raise Text.CutoffLength."));
    }

    [TestMethod]
    public void What_a_command_has_no_flag_for_stays_as_it_is()
    {
        Assert.AreEqual("a smaller LearningRate", FlagNames.In(Find("graph"), "a smaller LearningRate"));
        Assert.AreEqual("set DelimitedOptions.Columns", FlagNames.In(Find("tokenize"), "set DelimitedOptions.Columns"));
        Assert.AreEqual("set --columns", FlagNames.In(Find("graph"), "set DelimitedOptions.Columns"));
    }

    [TestMethod]
    public void Texts_of_names_that_the_graph_lacks_are_refused_with_the_flag_that_passes_them_over()
    {
        using TemporaryFolder folder = Graphs.OpenKe().With("entity2text.txt", "Bern\tb\nGeneva\tg\nBern\tother\nGeneva\tg\n");
        GmtRun refused = GmtRun.Of("graph", folder.Path);
        Assert.AreEqual(1, refused.ExitCode);
        StringAssert.Contains(refused.Output, "the graph has no 'Geneva'; remove the line, or give --ignore_texts_of_unknown_names");
        StringAssert.Contains(refused.Output, "another text in an earlier line; keep one of them, or give --ignore_texts_of_unknown_names");

        GmtRun passed = GmtRun.Of("graph", folder.Path, "--ignore_texts_of_unknown_names").Succeeded();
        StringAssert.Contains(passed.Output, "lines of 'entity2text.txt' that were passed over");
        StringAssert.Contains(passed.Output, "Geneva; Bern; Geneva");
        using var other = new TemporaryFolder();
        GmtRun.Of("convert", folder.Path, other["out"], "--ignore_texts_of_unknown_names").Succeeded();
        Assert.AreEqual("b", KnowledgeGraphReader.Read(other["out"]).EntityText(0), "the first text counts");
    }

    [TestMethod]
    public void Texts_that_were_passed_over_in_training_are_passed_over_when_its_graph_is_read_again()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("products.csv", Rows()).With("entity2text.txt", "nothing\tNothing\n");
        string[] train =
        [
            "pretrain", "--kg_dir", folder["products.csv"], "--output_dir", folder["out"], "--graph_dim", "8", "--rel_semantic_dim", "8",
            "--sgm_heads", "2", "--epochs", "1", "--num_neg", "2",
        ];
        GmtRun refused = GmtRun.Of(train);
        Assert.AreEqual(1, refused.ExitCode);
        StringAssert.Contains(refused.Error, "give --ignore_texts_of_unknown_names to pass such lines over");
        GmtRun.Of([.. train, "--ignore_texts_of_unknown_names"]).Succeeded();
        GmtRun.Of("evaluate", "--model", folder["out"], "--kg_dir", folder["products.csv"]).Succeeded();
    }

    private static string Rows() =>
        "head,relation,tail\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"part {i},made of,{(i % 3 == 0 ? "steel" : "brass")}\n"
            + $"part {i},fits,pump {i % 4}\n"));

    private static GmtCommand Find(string name) =>
        CommandList.Create().SelectMany(section => section.Commands).Single(command => command.Name == name);
}

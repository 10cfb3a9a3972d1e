using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Gmt.Cli;
using Microsoft.ML.Gmt.Cli.CommandLine;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>The commands of the scripts have the scripts' options, with their defaults.</summary>
[TestClass]
public sealed class ScriptFlagsTests
{
    private const string Graph = "triple_file=train2id.txt triple_format=htr add_inverse rel_semantic_path= rel_semantic_dim=256 kge_model= graph_dim=256 sgm_layers=2 sgm_heads=4 top_k=8";
    private const string Memory = "num_memory_tokens=16 memory_heads=4 memory_layers= memory_layers_1based mask_query";

    [TestMethod]
    [DataRow(
        "pretrain_gmt",
        $"kg_dir* {Graph} dropout=0.1 trainable_rel_semantics batch_size=128 num_neg=64 epochs=20 lr=0.0003 seed=42 output_dir* device=cuda", "resume checkpoint_seconds")]
    [DataRow(
        "finetune_gmt",
        $"base_model* data_path* output_dir* kg_dir* sgm_ckpt= {Graph} graph_dropout=0.1 trainable_rel_semantics {Memory} lora_r=64 lora_alpha=128 lora_dropout=0.01 train_cross_attn_base "
            + "train_graph_module batch_size=12 micro_batch_size=12 num_epochs=3 learning_rate=0.0003 cutoff_len=512 val_set_size=0 train_on_inputs no_train_on_inputs add_eos_token "
            + "group_by_length prompt_template_name=alpaca",
        "resume checkpoint_seconds")]
    [DataRow(
        "inference_gmt",
        $"base_model* gmt_dir* data_path* kg_dir* {Graph} graph_dropout=0.1 {Memory} max_new_tokens=16 prompt_template_name=alpaca task=classification hits_k=1,3,10 max_eval=0 device=cuda", "")]
    [DataRow(
        "build_rel_semantics", "relation2id* definitions* output_path* model_name=sentence-transformers/all-MiniLM-L6-v2 batch_size=32",
        "")]
    [DataRow("process_kge", "", "output_path")]
    public void Options_and_defaults_are_the_scripts(string name, string expected, string additions)
    {
        GmtCommand command = CommandList.Create().SelectMany(section => section.Commands).Single(command => command.Name == name);
        string[] added = additions.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] actual = [.. command.Options.Select(Describe).Where(option => !added.Contains(option.Split('=')[0]))];
        CollectionAssert.AreEquivalent(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), actual);
        Assert.HasCount(added.Length, command.Options.Where(option => added.Contains(option.Name[2..])));
    }

    [TestMethod]
    [DataRow("pretrain_gmt", "--kg_dir", "--output_dir")]
    [DataRow("finetune_gmt", "--base_model", "--data_path", "--output_dir", "--kg_dir")]
    [DataRow("inference_gmt", "--base_model", "--gmt_dir", "--data_path", "--kg_dir")]
    [DataRow("build_rel_semantics", "--relation2id", "--definitions", "--output_path")]
    public void Required_options_are_missed_by_name(string name, params string[] required)
    {
        foreach (string missing in required)
        {
            AssertUsage([name, .. required.Where(option => option != missing).SelectMany(option => (string[])[option, "x"])], missing);
        }
    }

    [TestMethod]
    [DataRow("pretrain_gmt --kg_dir a --output_dir b --lr fast", "--lr: 'fast' is not a number")]
    [DataRow("pretrain_gmt --kg_dir a --output_dir b --epochs 1e1", "--epochs: '1e1' is not a whole number")]
    [DataRow("pretrain_gmt --kg_dir a --output_dir b --seed 3000000000", "is not a whole number of 32 bits")]
    [DataRow("pretrain_gmt --kg_dir a --output_dir b --patience 2", "there is no option --patience")]
    [DataRow("pretrain_gmt --kg_dir a --output_dir b extra", "extra")]
    [DataRow("finetune_gmt --base_model a --data_path b --output_dir c --kg_dir d --device cpu", "there is no option --device")]
    [DataRow("finetune_gmt --base_model a --data_path b --output_dir c --kg_dir d --train", "--train is ambiguous")]
    [DataRow("inference_gmt --base_model a --gmt_dir b --data_path c --kg_dir d --trainable_rel_semantics", "there is no option --trainable_rel_semantics")]
    [DataRow("inference_gmt --base_model a --gmt_dir b --data_path c --kg_dir d --task ranking", "ranking")]
    [DataRow("build_rel_semantics --relation2id a --definitions b --output_path c --batch_size many", "--batch_size: 'many' is not a whole number")]
    [DataRow("process_kge", "CHECKPOINT")]
    public void What_argparse_refuses_is_wrong_usage(string line, string inMessage) => AssertUsage(line.Split(' '), inMessage);

    [TestMethod]
    [DataRow("pretrain_gmt --hel")]
    [DataRow("pretrain_gmt --kg_dir x --h")]
    [DataRow("inference_gmt -h")]
    public void Help_may_be_shortened_and_needs_nothing_else(string line) =>
        StringAssert.Contains(GmtRun.Of(line.Split(' ')).Succeeded().Output, "Default: ");

    [TestMethod]
    public void What_the_script_lacks_does_not_make_its_shortened_options_ambiguous()
    {
        // --c is --cutoff_len alone in the script. The settings are printed before the batch size is refused.
        GmtRun run = GmtRun.Of("finetune_gmt --base_model a --data_path b --output_dir c --kg_dir d --batch_size 0 --c 77".Split(' '));
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Output, "\"cutoff_len\": 77,");
        StringAssert.Contains(run.Error, "batch size ('0')");
    }

    private static void AssertUsage(string[] arguments, string inMessage)
    {
        GmtRun run = GmtRun.Of(arguments);
        Assert.AreEqual(2, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Output);
        StringAssert.Contains(run.Error, inMessage);
    }

    private static string Describe(Option option)
    {
        string name = option.Name[2..];
        return option.Arity.MaximumNumberOfValues == 0 ? name
            : option.Required ? $"{name}*"
            : $"{name}={Convert.ToString(option.GetDefaultValue(), CultureInfo.InvariantCulture)}";
    }
}

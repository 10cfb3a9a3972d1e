using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Sgm;
using Microsoft.ML.Gmt.Tests.Weights;

namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>All targets of the coverage-guided fuzzer by name, which is that of their folder of seeds as well.</summary>
internal static class FuzzTargetList
{
    private static readonly Dictionary<string, Action<byte[]>> Targets = new(StringComparer.Ordinal)
    {
        ["safetensors"] = FuzzTargets.Safetensors,
        ["checkpoint"] = FuzzTargets.Checkpoint,
        ["pickle"] = FuzzTargets.Pickle,
        ["gguf"] = FuzzTargets.Gguf,
        ["edge-states"] = EdgeStateFuzz.Compare,
        ["tokenizer-json"] = TokenizerTargets.TokenizerJson,
        ["tokenizer-model"] = TokenizerTargets.TokenizerModel,
        ["tokenizer-config"] = TokenizerTargets.TokenizerConfig,
        ["model-config"] = ModelTargets.ModelConfig,
        ["generation-config"] = ModelTargets.GenerationConfig,
        ["sentence-model"] = ModelTargets.SentenceModel,
        ["shard-index"] = ModelTargets.ShardIndex,
        ["model-folder"] = ModelTargets.LanguageModelFolder,
        ["arguments"] = ModelTargets.Arguments,
        ["template"] = TextTargets.Template,
        ["instructions"] = TextTargets.Instructions,
        ["definitions"] = TextTargets.Definitions,
        ["definitions-json"] = TextTargets.DefinitionsJson,
        ["delimited"] = GraphTargets.Delimited,
        ["csv"] = GraphTargets.Csv,
        ["openke"] = GraphTargets.OpenKe,
        ["libkge"] = GraphTargets.LibKge,
        ["saved-graph"] = GraphTargets.SavedGraph,
        ["training-state"] = StateTargets.TrainingState,
        ["history"] = StateTargets.History,
        ["archive"] = ArchiveTargets.Archive,
        ["archive-sgm"] = ArchiveTargets.SgmEntries,
        ["archive-gmt"] = ArchiveTargets.GmtEntries,
    };

    /// <summary>The names, in order.</summary>
    public static IEnumerable<string> Names => Targets.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether there is such a target.</summary>
    public static bool Contains(string name) => Targets.ContainsKey(name);

    /// <summary>Reads an input. Any exception that comes out is a finding, a crash and a time-out too.</summary>
    /// <returns>Why it was refused; null where it was taken.</returns>
    public static Exception? Read(string target, byte[] input)
    {
        try
        {
            Targets[target](input);
            return null;
        }
        catch (Exception refused) when (refused is GmtFileException or NotSupportedException
            or FileNotFoundException or DirectoryNotFoundException)
        {
            return refused; // what is documented for a file that is malformed, not supported or not there
        }
    }
}

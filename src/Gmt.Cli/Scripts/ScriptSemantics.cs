using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary>Relation vectors as the scripts take them: a path that leads nowhere is passed over, OpenKE's widths are printed.</summary>
internal static class ScriptSemantics
{
    /// <summary>The vectors.</summary>
    /// <param name="context">Arguments and terminal.</param>
    /// <param name="flags">Which vectors.</param>
    /// <param name="relationCount">R, without inverse relations.</param>
    /// <param name="addInverse">Whether they are stacked twice.</param>
    /// <param name="seed">Decides random ones.</param>
    /// <returns>[R or 2 R, width] in fp32, for the caller to dispose.</returns>
    public static Tensor Load(CommandContext context, RelationSemanticFlags flags, int relationCount, bool addInverse, int seed)
    {
        string path = context.Get(flags.Path), embeddings = context.Get(flags.Embeddings);
        if (File.Exists(path))
        {
            return RelationSemantics.Load(path, relationCount, addInverse);
        }

        if (path.Length > 0)
        {
            string source = embeddings.Length > 0 ? $"come from {embeddings}" : "are random";
            context.Terminal.Warn($"there is no {path}; relation vectors {source}, as in the Python script");
        }

        if (embeddings.Length > 0)
        {
            return OfEmbeddings(context, embeddings, relationCount, addInverse);
        }

        // The reference seeds torch and draws these numbers first, so the same generator gives the same numbers.
        TorchRuntime.EnsureLoaded();
        using Generator generator = new((ulong)seed);
        return RelationSemantics.Draw(relationCount, context.Get(flags.Dimension), generator, addInverse);
    }

    private static Tensor OfEmbeddings(CommandContext context, string path, int relationCount, bool addInverse)
    {
        using OpenKeCheckpoint checkpoint = OpenKeCheckpoint.Load(path, OpenKeDetection.Path);
        context.Terminal.Output.WriteLine($"{checkpoint.Entities.size(1)} {checkpoint.RelationWidth}");
        return checkpoint.Relations.size(0) == relationCount
            ? RelationSemantics.WithInverse(checkpoint.Relations, addInverse).clone()
            : throw new CommandFailure(
                $"{path} has {checkpoint.Relations.size(0)} relations, the graph has {relationCount}; is it the embedding of this graph?");
    }
}

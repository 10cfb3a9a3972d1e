using System.CommandLine;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Where the relations' vectors come from: a file, else an embedding model's relations, else chance.</summary>
internal sealed class RelationSemanticFlags
{
    private readonly Option<string> _path = Flag.Text(
        "--rel_semantic_path", "A file of relation vectors, as build_rel_semantics writes it.", form: "FILE");
    private readonly Option<int> _dimension = Flag.Integer("--rel_semantic_dim", "Width of random relation vectors.", 256);
    private readonly Option<string> _kge = Flag.Text("--kge_model", "An OpenKE checkpoint whose relation vectors are taken.", form: "FILE");

    /// <summary>All options, in the reference's order.</summary>
    public Option[] All => [_path, _dimension, _kge];

    /// <summary>The vectors.</summary>
    /// <param name="context">Arguments and terminal.</param>
    /// <param name="relationCount">R, without inverse relations.</param>
    /// <param name="addInverse">Whether they are stacked twice.</param>
    /// <param name="seed">Decides random ones.</param>
    /// <param name="compatible">Whether a path that leads nowhere is passed over, and OpenKE's widths are printed, as by the reference.</param>
    /// <returns>[R or 2 R, width] in fp32, for the caller to dispose.</returns>
    public Tensor Load(CommandContext context, int relationCount, bool addInverse, int seed, bool compatible)
    {
        string path = context.Get(_path), kge = context.Get(_kge);
        if (path.Length > 0 && (File.Exists(path) || !compatible))
        {
            return RelationSemantics.Load(path, relationCount, addInverse);
        }

        if (path.Length > 0)
        {
            context.Terminal.Warn($"there is no {path}; relation vectors come from {(kge.Length > 0 ? kge : "chance")}, as in the Python script");
        }

        if (kge.Length > 0)
        {
            return OfEmbeddings(context, kge, relationCount, addInverse, compatible);
        }

        if (!compatible)
        {
            context.Terminal.Warn("relation vectors are random; --rel_semantic_path or --kge_model gives them a meaning");
        }

        // The reference seeds torch and draws these numbers first, so the same generator gives the same numbers.
        TorchRuntime.EnsureLoaded();
        using Generator generator = compatible ? new Generator((ulong)seed) : new RandomStreams(seed).Generator("relation-semantics");
        return RelationSemantics.Draw(relationCount, context.Get(_dimension), generator, addInverse);
    }

    private static Tensor OfEmbeddings(CommandContext context, string path, int relationCount, bool addInverse, bool compatible)
    {
        using OpenKeCheckpoint checkpoint = OpenKeCheckpoint.Load(path, compatible ? OpenKeDetection.Path : OpenKeDetection.TensorNames);
        if (compatible)
        {
            context.Terminal.Output.WriteLine($"{checkpoint.Entities.size(1)} {checkpoint.RelationWidth}");
        }

        return checkpoint.Relations.size(0) == relationCount
            ? RelationSemantics.WithInverse(checkpoint.Relations, addInverse).clone()
            : throw new CommandFailure(
                $"{path} has {checkpoint.Relations.size(0)} relations, the graph has {relationCount}; is it the embedding of this graph?");
    }
}

using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>
/// Rewrites a model in another form: the scripts' folder, one safetensors file, or ML.NET's archive; or a file of weights; or a graph.
/// </summary>
internal sealed class ConvertCommand : GmtCommand
{
    private readonly Argument<string> _source = new("SOURCE")
    {
        Description = "A folder of finetune_gmt or pretrain_gmt, an ML.NET model (.zip), weights (.safetensors, .pth, .pt, .bin), or a "
            + "graph: a file of triples (CSV, TSV …), a folder of such files or in OpenKE's layout, or a .gmtgraph.",
    };

    private readonly Argument<string> _target = new("TARGET")
    {
        Description = "What to make: NAME.zip, NAME.safetensors, NAME.pth, or else a folder; of a graph NAME.tsv, NAME.csv, "
            + "NAME.gmtgraph, or else a folder.",
    };

    private readonly ModelFlags _model = new();
    private readonly GraphConversion _graph = new();

    /// <summary>Creates the command.</summary>
    public ConvertCommand() : base("convert", "Rewrites a model or a graph: the scripts' files, safetensors, ML.NET's zip, TSV …")
    {
        Add(_source);
        Add(_target);
        Add("For an ML.NET model", _model.Parts);
        Add("For a graph", _graph.Options);
        Add(_model.GraphFiles);
    }

    /// <inheritdoc/>
    public override string Epilogue => "An ML.NET model holds its graph; its base model is in it up to 256 MB, else referred to.";

    /// <inheritdoc/>
    public override string Example => "checkpoints/gmt facts.zip";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        (string source, string target) = (context.Get(_source), context.Get(_target));
        if (!File.Exists(source) && !Directory.Exists(source))
        {
            throw new CommandFailure($"There is no file or folder '{source}'.");
        }

        bool isFolder = Directory.Exists(source), isFinetuned = isFolder && File.Exists(Path.Combine(source, GmtStateDict.EncoderFile));
        bool isWeights = !isFolder && WeightFileName.IsWeights(source);
        bool isCombined = WeightFileName.IsSafetensors(source) && !isFolder && GmtSafetensors.Is(source);
        if (GraphConversion.IsGraph(source))
        {
            _graph.Write(context, _model.ReadGraph(context, source), target);
        }
        else if (GraphConversion.IsGraphFile(target) && !isWeights)
        {
            using FactModel model = _model.Load(context, source);
            _graph.Write(context, model.Graph, target);
        }
        else if (IsArchive(target))
        {
            ToArchive(context, source, target, isCombined);
        }
        else if (isFinetuned && WeightFileName.IsSafetensors(target))
        {
            GmtSafetensors.FromFolder(source, target);
        }
        else if (isCombined && !WeightFileName.IsTorch(target))
        {
            GmtSafetensors.ToFolder(source, target);
        }
        else if (isWeights)
        {
            TensorConversion.Convert(
                source, WeightFileName.IsWeights(target)
                    ? target
                    : throw new UsageError($"'{target}' must end with .safetensors, .pth, .pt or .bin"));
        }
        else
        {
            ToScripts(context, source, target);
        }

        context.Terminal.Error.WriteLine($"wrote {target}");
        return ExitCode.Success;
    }

    private void ToArchive(CommandContext context, string source, string target, bool isCombined)
    {
        using TemporaryFolder? unpacked = isCombined ? new TemporaryFolder() : null;
        if (unpacked is not null)
        {
            GmtSafetensors.ToFolder(source, unpacked.Path);
        }

        using FactModel model = _model.Load(context, unpacked?.Path ?? source);
        MLContext ml = new();
        IDataView schema = model.Graph.ToDataView(GraphSplit.Train);
        ml.Model.SaveAtomically(model.Transformer, schema.Schema, target);
    }

    /// <summary>A model of ML.NET, or a folder of the scripts that is written anew.</summary>
    private void ToScripts(CommandContext context, string source, string target)
    {
        bool toFile = WeightFileName.IsSafetensors(target);
        if (!toFile && Path.HasExtension(target) && !Directory.Exists(target))
        {
            throw new UsageError($"'{target}' must be a folder, or end with .zip or .safetensors");
        }

        using TemporaryFolder? folder = toFile ? new TemporaryFolder() : null;
        using FactModel model = _model.Load(context, source);
        if (model.Embedding is not null)
        {
            throw new CommandFailure(
                $"{source} is an embedding, for which the scripts have no form; read its vectors from the columns that it adds in ML.NET");
        }

        if (model.PathModel is not null)
        {
            throw new CommandFailure($"{source} is a path model, for which the scripts have no form");
        }

        MLContext ml = new();
        string output = folder?.Path ?? target;
        if (model.Stage2 is { } stage2)
        {
            ml.Model.SaveGmtCheckpoint(stage2, output);
            if (toFile)
            {
                GmtSafetensors.FromFolder(output, target);
            }
        }
        else if (toFile)
        {
            Sgm.SgmStateDict.Write(model.Stage1!.Module, target);
        }
        else
        {
            ml.Model.SaveSgmCheckpoint(model.Stage1!, output);
        }
    }

    private static bool IsArchive(string path) => path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);
}

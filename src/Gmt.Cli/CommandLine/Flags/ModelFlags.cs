using System.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Which trained model, and for one in a folder of the scripts, which graph and base model belong to it.</summary>
internal sealed class ModelFlags
{
    private static readonly OpenKeOptions GraphFiles = new();

    private readonly Option<string> _baseModel = Flag.Text(
        "--base_model", "The language model, where the model's own record of it does not lead there.", form: "MODEL");
    private readonly Option<string> _graph = Flag.Text(
        "--kg_dir", "The graph, where the model comes without one: that of its training.", form: "DIR");

    /// <summary>What else leads to the model.</summary>
    public Option[] Parts => [_baseModel, _graph];

    /// <summary>A new option that leads to a model of either stage.</summary>
    public static Option<string> PathOfAnyStage() => Flag.RequiredText(
        "--model", "An ML.NET model (.zip), a folder of finetune_gmt or pretrain_gmt, or an sgm_state.pth.", "PATH");

    /// <summary>Loads a model.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="path">An ML.NET model (.zip), a folder of finetune_gmt or pretrain_gmt, or an sgm_state.pth.</param>
    /// <exception cref="CommandFailure">It is none of these, or its graph or base model is not to be found.</exception>
    public FactModel Load(CommandContext context, string path)
    {
        MLContext ml = context.NewMLContext();
        if (File.Exists(path) && !WeightFileName.IsWeights(path))
        {
            return LoadArchive(context, ml, path);
        }

        if (Directory.Exists(path) && File.Exists(Path.Combine(path, GmtStateDict.EncoderFile)))
        {
            GmtFolder folder = GmtFolder.Open(path);
            string baseModel = BaseModelOf(folder, context.Get(_baseModel));
            GmtScoringOptions options = TemplateFile.Options(folder.Arguments.Get("prompt_template_name", ""));
            options = options with { Text = options.Text with { Prompt = folder.Prompt } };
            return new FactModel(path, [ml.Model.LoadGmtCheckpoint(path, baseModel, ReadGraph(context, folder.Arguments), options)]);
        }

        string state = Directory.Exists(path) ? Path.Combine(path, SgmFolder.StateFile) : path;
        if (!File.Exists(state))
        {
            throw new CommandFailure(
                $"There is no model at '{path}': give an ML.NET model (.zip), a folder of finetune_gmt or pretrain_gmt, or an {SgmFolder.StateFile}.");
        }

        return new FactModel(path, [ml.Model.LoadSgmCheckpoint(path, ReadGraph(context, SgmFolder.Arguments(path)))]);
    }

    /// <summary>The folder of the language model that a finetuned folder belongs to.</summary>
    /// <param name="folder">The finetuned folder.</param>
    /// <param name="given">What the command line names; empty for what the folder records.</param>
    /// <exception cref="UsageError">Neither names one.</exception>
    public static string BaseModelOf(GmtFolder folder, string given)
    {
        string name = given.Length > 0 ? given : folder.BaseModel;
        return ModelLocator.Default.Find(
            name.Length > 0 ? name : throw new UsageError($"{folder.Path} does not say which language model it is for; give --base_model"));
    }

    private FactModel LoadArchive(CommandContext context, MLContext ml, string path)
    {
        ITransformer root;
        try
        {
            root = ml.Model.Load(path, out _);
        }
        catch (Exception e) when (e is not (OperationCanceledException or UnauthorizedAccessException or OutOfMemoryException))
        {
            throw ArchiveFailure.Of(path, e);
        }

        if (context.Get(_baseModel) is { Length: > 0 } given)
        {
            ml.Model.BindBaseModel(root, ModelLocator.Default.Find(given));
        }

        return new FactModel(path, Flatten(root));
    }

    /// <summary>The graph as the model's training read it.</summary>
    private KnowledgeGraph ReadGraph(CommandContext context, PythonArguments training)
    {
        string folder = context.Get(_graph) is { Length: > 0 } given ? given : training.Get("kg_dir", "");
        return Directory.Exists(folder)
            ? KnowledgeGraphReader.ReadOpenKe(folder, new OpenKeOptions
            {
                TrainFile = training.Get("triple_file", GraphFiles.TrainFile),
                TripleFormat = training.Get("triple_format", GraphFiles.TripleFormat),
                AddInverse = training.Get("add_inverse", GraphFiles.AddInverse),
            })
            : throw new UsageError(folder.Length == 0
                ? "the model comes without a graph; give --kg_dir"
                : $"the graph of the model's training, '{folder}', is not there; give --kg_dir");
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}

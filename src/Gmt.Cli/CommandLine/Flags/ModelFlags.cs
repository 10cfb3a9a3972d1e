using System.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Which trained model, and for one in a folder of the scripts, which graph and base model belong to it.</summary>
internal sealed class ModelFlags
{
    private readonly Option<string> _baseModel = Flag.Text(
        "--base_model", "The language model, where the model's own record of it does not lead there.", form: "MODEL");

    private readonly Option<string> _pathModel = Flag.Text(
        "--path_model",
        "In place of --model, a path model that was trained elsewhere (a checkpoint of ULTRA's architecture, .pth): it judges any graph, "
        + "which --kg_dir gives. With --kg_dir alone, the path model that comes with gmt does.", form: "FILE");

    private readonly Option<int> _mostExpanded = Flag.Integer(
        "--max_expanded_entities",
        "How many more entities each layer of that path model may reach in a query, for large sparse graphs. Without it all: exact.",
        null, least: 1);

    /// <summary>Lead to a model that knows no graph, in place of an own one.</summary>
    public Option[] PathModel => [_pathModel, _mostExpanded];

    /// <summary>What else leads to the model.</summary>
    public Option[] Parts => [_baseModel, Graph.Reference.Folder];

    /// <summary>Which graph belongs to the model.</summary>
    public GraphSourceFlags Graph { get; } = new(GraphSourceFlags.NewOfModel());

    /// <summary>How that graph is read, where the model does not say so itself.</summary>
    public OptionGroup[] GraphFiles =>
    [
        new("The graph's files; the model's folder says it itself", Graph.Files), new("Its split; the folder says it itself", Split.All),
        new("Files of names (CSV, TSV …); the folder says it itself", Graph.Layout),
    ];

    private SplitFlags Split { get; } = new();

    /// <summary>A new option that leads to a model of either stage.</summary>
    public static Option<string> PathOfAnyStage() => Flag.Text(
        "--model", "An ML.NET model (.zip), a folder of finetune_gmt or pretrain_gmt, or an sgm_state.pth.", form: "PATH");

    /// <summary>Loads a model, or a path model over the graph that is given.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="path">What <c>--model</c> names; empty where it is not given.</param>
    /// <param name="isToBeSplit">Whether a graph that comes without splits is divided, where nothing is said.</param>
    /// <exception cref="CommandFailure">It is no model, or its graph or base model is not to be found.</exception>
    public FactModel LoadEither(CommandContext context, string path, bool isToBeSplit = false)
    {
        string file = context.Get(_pathModel), graphPath = context.Get(Graph.Reference.Folder);
        if (path.Length > 0 && file.Length > 0)
        {
            throw new UsageError($"give either --model, or {_pathModel.Name} and --kg_dir");
        }

        if (path.Length > 0)
        {
            return !context.IsGiven(_mostExpanded) ? Load(context, path) : throw new UsageError(
                $"{_mostExpanded.Name} has no use beside --model, which says itself how it scores; leave it out");
        }

        if (context.IsGiven(_baseModel))
        {
            throw new UsageError($"{_baseModel.Name} has no use without --model: a path model reads no language model; leave it out");
        }

        if (graphPath.Length == 0)
        {
            throw new UsageError(file.Length > 0
                ? $"{_pathModel.Name} judges any graph and comes without one; give --kg_dir"
                : "give --model, or --kg_dir alone: the path model that comes with gmt judges any graph");
        }

        if (file.Length > 0)
        {
            CheckPathModel(_pathModel.Name, file);
        }

        KnowledgeGraph graph = ReadGraph(context, graphPath, isToBeSplit);
        MLContext ml = context.NewMLContext();
        var options = new PathScoringEstimator.Options
        {
            MaximumExpandedEntities = context.IsGiven(_mostExpanded) ? context.Get(_mostExpanded) : null,
        };
        PathScoringEstimator estimator = file.Length > 0
            ? ml.Transforms.ApplyPathModel(graph, file, options) : ml.Transforms.ApplyPathModel(graph, options);
        return new FactModel(file.Length > 0 ? file : graphPath, [estimator.Fit(graph.ToDataView())]);
    }

    /// <summary>Refuses a checkpoint that is not there, before anything else is read.</summary>
    /// <param name="flag">The flag that names it.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="CommandFailure">There is no such file.</exception>
    public static void CheckPathModel(string flag, string file)
    {
        if (!File.Exists(file))
        {
            throw new CommandFailure(
                $"There is no file '{file}', which {flag} names: give a checkpoint of ULTRA's architecture, such as ultra_50g.pth of "
                + "https://github.com/DeepGraphLearning/ULTRA (folder ckpts).");
        }
    }

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
        Option[] ofGraph = [Graph.Reference.Folder, .. Graph.Files, .. Split.All, .. Graph.Layout];
        if (Array.Find(ofGraph, context.IsGiven) is { } idle)
        {
            throw new UsageError($"{idle.Name} has no use here: '{path}' holds its graph, split as it was trained on; leave it out");
        }

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

        return new FactModel(path, TransformerParts.Of(root));
    }

    /// <summary>A graph by itself, divided where that is asked for.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="isToBeSplit">Whether one that comes without splits is divided, where nothing is said.</param>
    public KnowledgeGraph ReadGraph(CommandContext context, string path, bool isToBeSplit = false)
    {
        GraphSource source = Graph.Source(context, new GraphSource(path));
        return isToBeSplit || Split.IsGiven(context)
            ? GraphReading.ToTrain(context, source, Split).Graph : GraphReading.ReadWhole(context, source);
    }

    /// <summary>The graph as the model's training read it.</summary>
    private KnowledgeGraph ReadGraph(CommandContext context, PythonArguments training)
    {
        SavedSettings.Check(context, training, [.. Graph.Recorded, .. Split.All]);
        GraphSource source = RecordedGraph.Source(training, context.Get(Graph.Reference.Folder) is { Length: > 0 } given ? given : null);
        if (!File.Exists(source.Path) && !Directory.Exists(source.Path))
        {
            throw new UsageError(source.Path.Length == 0
                ? "the model comes without a graph; give --kg_dir"
                : $"the graph of the model's training, '{source.Path}', is not there; give --kg_dir");
        }

        return GraphReading.Again(context, Graph.Source(context, source), Split, training).Graph;
    }
}

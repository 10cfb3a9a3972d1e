using System.CommandLine;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Stage 2: <see cref="GmtFinetuneEstimator"/> on rows of a file, or on the graph's own triples.</summary>
internal sealed class FinetuneCommand : GmtCommand
{
    private readonly FinetuneFiles _files = new(isDataRequired: false);
    private readonly GraphSourceFlags _graph = new(GraphSourceFlags.NewRequired());
    private readonly SplitFlags _split = new();
    private readonly RelationSemanticFlags _semantics = new();
    private readonly SgmFlags _module = new("--graph_dropout");
    private readonly MemoryFlags _memory = new();
    private readonly FinetuneFlags _training = new(new GmtTextOptions().TrainOnInputs, new GmtTrainingOptions());
    private readonly StrictTrainingFlags _strict = new("a smaller validation loss");
    private readonly Option<double> _gateFactor = Flag.Number(
        "--gate_factor", "The gates' learning rate over the others'.", 1,
        OptionRanges.Of<GmtTrainingOptions>(nameof(GmtTrainingOptions.GateLearningRateFactor)));
    private readonly SeedFlag _seed = new();
    private readonly OwnTriplesFlag _ownTriples = new();
    private readonly CheckpointFlags _checkpoint = new();
    private readonly TrackerFlag _log = new();
    private readonly Option<string> _archive = Flag.Text(
        "--archive", "Also saves the model for ML.NET, graph included (.zip).", form: "FILE");

    /// <summary>Creates the command.</summary>
    public FinetuneCommand() : base("finetune", "Stage 2: teaches a frozen language model to read the graph as memory.")
    {
        Add("Models", _files.BaseModel, _files.ModuleCheckpoint);
        Add("Data", [_files.Data, _graph.Reference.Folder, .. _graph.Files]);
        Add("Graphs without validation and test triples; the graph module's folder says it too", _split.All);
        Add("Files of names (CSV, TSV …)", _graph.Layout);
        Add("Graph module", [.. _semantics.All, .. _module.All]);
        Add("Memory", _memory.All);
        Add("What is trained", _training.Adapter);
        Add("Training", [.. _training.Optimization, _strict.Patience, _gateFactor, _seed.Option, _strict.Reproducible.Option]);
        Add("Rows", [.. _training.Rows, _ownTriples.Option, _strict.NoMask]);
        Add("Output", [_files.Output, _archive, .. _checkpoint.All, _log.Option, CompatibilityFlag.New()]);
    }

    /// <inheritdoc/>
    public override string Script => "finetune_gmt";

    /// <inheritdoc/>
    public override bool SharesWork => true;

    /// <inheritdoc/>
    public override string Example => """
        --base_model examples/models/tiny-llama --kg_dir examples/data/codex-s --sgm_ckpt checkpoints/sgm/sgm_state.pth \
        --output_dir checkpoints/gmt --archive facts.zip --num_epochs 1
        """;

    /// <inheritdoc/>
    public override int Execute(CommandContext context) => RankedRun.Execute(context, RankedRun.Read(), Train);

    private (int Code, long Rows) Train(CommandContext context, ProcessGroup processes)
    {
        string folder = context.Get(_files.Output), baseModel = ModelLocator.Default.Find(context.Get(_files.BaseModel));
        GmtFinetuneEstimator.Options options = EstimatorOptions(context) with { Processes = processes };
        LlamaConfig config = LlamaConfig.Load(baseModel);
        IReadOnlyList<int> layers = options.Memory.LayersIn(config.LayerCount); // refused before anything is read
        string checkpoint = context.Get(_files.ModuleCheckpoint);
        PythonArguments? saved = checkpoint.Length > 0 ? SgmFolder.Arguments(checkpoint) : null;
        GraphReading reading = ReadGraph(context, saved);
        KnowledgeGraph graph = reading.Graph;
        MLContext ml = context.NewMLContext();
        DeviceFlag.ChooseAutomatic(ml);
        IDataView rows = context.Get(_files.Data) is { Length: > 0 } data
            ? ml.Data.LoadInstructions(data, graph)
            : _ownTriples.Rows(context, graph, _seed.Of(context));
        using SgmTransformer stage1 = GraphModule(context, ml, graph, checkpoint, saved);
        long count = rows.GetRowCount() ?? rows.GetColumn<string>(options.Columns.Head).LongCount();
        options = options with { Training = options.Training.Settled(count - options.HeldOutRows, config.HiddenSize) };
        KeyValuePair<string, object?>[] settings =
        [
            .. Settings(context, reading, stage1, layers).Settled(FinetuneFlags.Settled(options.Training)),
        ];
        string archive = context.Get(_archive);
        bool writes = processes.Rank == 0;
        if (processes.Ranks.Any(writes && _checkpoint.IsFinished(context, folder, settings, FinetuneFiles.Results)))
        {
            if (writes && archive.Length > 0)
            {
                using GmtTransformer trained = ml.Model.LoadGmtCheckpoint(folder, baseModel, graph, ScoringOptions(options));
                WriteArchive(context, ml, trained, rows.Schema, archive);
            }

            return (ExitCode.Success, 0);
        }

        string[] files = archive.Length > 0 ? [.. FinetuneFiles.Results, Path.GetFullPath(archive)] : FinetuneFiles.Results;
        using FileLock? held = writes ? CheckpointFlags.Hold(folder, files) : null;
        using TrainingTracker? tracker = writes ? _log.Open(context) : null;
        using var display = new TrainingDisplay(context.Terminal);
        var epochs = new EpochLines(display, "valid loss");
        options = options with
        {
            Training = options.Training with
            {
                // Where the archive cannot be written, --resume writes it without training again.
                Checkpoint = _checkpoint.Options(context, folder) with { KeepsEnd = archive.Length > 0 },
                Progress = TrainingTracker.Several(epochs, tracker),
            },
        };
        context.Interruption.IsHeeded = true;
        using GmtTransformer model = ml.Transforms.GmtFinetune(baseModel, options).Fit(stage1.Transform(rows));
        context.Interruption.IsHeeded = false;
        display.Dispose();
        TrackerFlag.Close(context, tracker);
        TrainingResult result = model.TrainingResult!;
        if (result.IsCancelled)
        {
            return (CheckpointFlags.Interrupted(context, result.History.Steps.Count), result.RowsTaken);
        }

        if (!writes)
        {
            return (ExitCode.Success, result.RowsTaken);
        }

        epochs.Finish(
            result.History.Steps.Count, options.Training.NumberOfEpochs!.Value, result.BestEpoch, result.BestMetric, result.IsStoppedEarly);
        GmtFolder.Write(model.Model.Binding.Get().Model, folder, settings);
        if (archive.Length > 0)
        {
            WriteArchive(context, ml, model, rows.Schema, archive);
        }

        CheckpointFlags.Clear(folder, FinetuneFiles.Results);
        return (ExitCode.Success, result.RowsTaken);
    }

    private static void WriteArchive(CommandContext context, MLContext ml, GmtTransformer model, DataViewSchema rows, string archive)
    {
        ml.Model.SaveAtomically(model, rows, archive);
        context.Terminal.Error.WriteLine($"the model is in {archive}");
    }

    /// <summary>What of the options concerns a model that was trained before.</summary>
    private static GmtScoringOptions ScoringOptions(GmtFinetuneEstimator.Options options) => new()
    {
        Columns = options.Columns,
        Instructions = options.Instructions,
        Text = options.Text,
    };

    private GmtFinetuneEstimator.Options EstimatorOptions(CommandContext context)
    {
        bool hasRows = context.Get(_files.Data).Length > 0;
        return new GmtFinetuneEstimator.Options
        {
            Memory = _memory.Shape(context, _training.Lora(context)),
            Text = _training.Text(context, TemplateFile.Find(context.Get(_training.Template))) with { Prompt = Words(context) },
            Instructions = hasRows ? new InstructionColumnNames() : null,
            HeldOutRows = context.Get(_training.ValidationRows),
            Training = _training.Options(context) with
            {
                Seed = _seed.Of(context),
                GateLearningRateFactor = context.Get(_gateFactor),
                Reproducible = _strict.Reproducible.Of(context),
                EarlyStoppingPatience = _strict.EarlyStoppingPatience(context),
            },
            CancellationToken = context.Interruption.Token,
        };
    }

    /// <summary>How triples are asked for: rows with instructions of their own are taken for the reference's data.</summary>
    private TriplePrompt Words(CommandContext context) =>
        context.Get(_files.Data).Length > 0 ? TriplePrompt.Reference : TriplePrompt.Default;

    /// <summary>The graph as stage 1 read it, where there was one.</summary>
    private GraphReading ReadGraph(CommandContext context, PythonArguments? saved)
    {
        string path = context.Get(_graph.Reference.Folder);
        if (saved is null)
        {
            return GraphReading.ToTrain(context, _graph.Source(context, new GraphSource(path)), _split);
        }

        SavedSettings.Check(context, saved, [.. _graph.Recorded, .. _split.All]);
        GraphSource source = _graph.Source(context, RecordedGraph.Source(saved, path));
        return GraphReading.Again(context, source, _split, saved);
    }

    /// <summary>
    /// The checkpoint tells its own shape, and arguments that say otherwise are refused; without one the module is untrained.
    /// </summary>
    private SgmTransformer GraphModule(
        CommandContext context, MLContext ml, KnowledgeGraph graph, string checkpoint, PythonArguments? saved)
    {
        QueryMask mask = _strict.Mask(context);
        if (saved is not null)
        {
            SavedSettings.Check(context, saved, [.. _semantics.All, .. _module.All]);
            QueryMask? recorded = RecordedMask.Of(saved);
            if ((recorded ?? QueryMask.None) != mask)
            {
                context.Terminal.Warn(recorded is null
                    ? $"'{checkpoint}' {RecordedMask.Missing}; stage 2 masks all of it"
                    : $"'{checkpoint}' was trained with another mask than stage 2 is; give or leave out --no_mask_query in both");
            }

            return ml.Model.LoadSgmCheckpoint(checkpoint, graph, new SgmScoringOptions { Mask = mask });
        }

        context.Terminal.Warn("the graph module is untrained; 'gmt pretrain' trains one for --sgm_ckpt");
        return ml.Transforms.SgmPretrain(graph, new SgmPretrainEstimator.Options
        {
            GraphModule = _module.Shape(context),
            RelationSemantics = _semantics.Source(context),
            Mask = mask,
            Training = new SgmTrainingOptions { Seed = _seed.Of(context) },
        }).Untrained(graph);
    }

    /// <summary>
    /// The script's arguments with what they left open (the layers that were chosen, the module's shape, the mask), then those that it does
    /// not know.
    /// </summary>
    private IEnumerable<KeyValuePair<string, object?>> Settings(
        CommandContext context, GraphReading graph, SgmTransformer stage1, IReadOnlyList<int> layers)
    {
        Option[] shape = [.. _semantics.All, .. _module.All, .. _memory.All];
        IEnumerable<KeyValuePair<string, object?>> settings = _files.Settings(
            context, _graph.Reference, shape, RecordedMask.Entries(stage1.Mask), _training);
        return
        [
            .. settings.Settled(
            [
                .. _memory.ChosenLayers(context, layers), .. graph.Settled, .. SgmFolder.ModuleArguments(stage1.Module, "graph_dropout"),
            ]),
            .. new Option[] { _seed.Option, _gateFactor, _ownTriples.Option, _strict.Patience }.Select(context.Setting),
            .. _strict.Reproducible.Settings(context), .. graph.Entries,
            .. GmtFolder.Words(Words(context)),
        ];
    }
}

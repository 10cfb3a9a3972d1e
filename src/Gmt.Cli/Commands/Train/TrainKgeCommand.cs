using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Trains a <see cref="KgeEstimator"/> on a graph's training triples; the validation triples choose the epoch.</summary>
internal sealed class TrainKgeCommand : GmtCommand
{
    private const string ModelFile = "kge.zip", ConfigFile = "kge_config.json";

    private static readonly string[] Results = [ModelFile, ConfigFile];

    private readonly GraphSourceFlags _graph = new(GraphSourceFlags.NewRequired());
    private readonly SplitFlags _split = new();
    private readonly KgeTrainingFlags _training = new();
    private readonly Option<string> _output = Flag.RequiredText("--output_dir", $"Where {ModelFile} and {ConfigFile} go.", "DIR");
    private readonly CheckpointFlags _checkpoint = new();
    private readonly TrackerFlag _log = new();

    /// <summary>Creates the command.</summary>
    public TrainKgeCommand() : base("train-kge", "Trains an embedding of a graph that ranks entities; validated, the best epoch is kept.")
    {
        Add("Graph", [_graph.Reference.Folder, .. _graph.Files]);
        Add("Graphs without validation and test triples", _split.All);
        Add("Files of names (CSV, TSV …)", _graph.Layout);
        Add("Embedding", _training.Shape);
        Add("Training", _training.Training);
        Add("Training with samples (--loss negativesampling)", _training.Samples);
        Add("Output", [_output, .. _checkpoint.All, _log.Option]);
    }

    /// <inheritdoc/>
    public override bool SharesWork => true;

    /// <inheritdoc/>
    public override string Example => "--kg_dir examples/data/codex-s --output_dir checkpoints/kge";

    /// <inheritdoc/>
    public override int Execute(CommandContext context) => RankedRun.Execute(context, RankedRun.Read(), Train);

    private (int Code, long Rows) Train(CommandContext context, ProcessGroup processes)
    {
        KgeModel model = _training.Model(context);
        var run = new GraphTraining(context, _checkpoint, _log, context.Get(_output), Results, processes);
        GraphReading reading = run.Read(_graph, _split);
        KnowledgeGraph graph = reading.Graph;
        KgeTrainingOptions training = KgeTrainer.Settle(
            _training.Options(context), model, graph, graph.TripleMemory(GraphSplit.Train));
        MLContext ml = context.NewMLContext();
        IDataView rows = graph.ToDataView();
        return run.Run(
            [
                .. KgeTrainingFlags.Settings(model, training), .. _training.Reproducible.Settings(context), .. reading.Settled,
                .. reading.Entries,
            ],
            training.NumberOfEpochs!.Value,
            (checkpoint, progress) => ml.Transforms.EmbedKnowledgeGraph(graph, model, new KgeEstimator.Options
            {
                Processes = processes,
                ValidateOnGraph = true,
                Training = training with { Checkpoint = checkpoint, Progress = progress },
                CancellationToken = context.Interruption.Token,
            }).Fit(rows),
            embedding => embedding.TrainingResult, (embedding, file) => ml.Model.SaveAtomically(embedding, rows.Schema, file));
    }
}

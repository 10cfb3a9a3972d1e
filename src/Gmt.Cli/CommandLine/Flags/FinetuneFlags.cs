using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Settling = Microsoft.ML.Gmt.Memory.GmtTrainingOptions.Defaults;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>How stage 2 trains.</summary>
/// <param name="trainOnInputs">Whether prompts are predicted too where neither switch is given.</param>
/// <param name="defaults">What counts where nothing is given.</param>
internal sealed class FinetuneFlags(bool trainOnInputs, GmtTrainingOptions defaults)
{
    private static readonly LoraOptions LoraDefaults = new();

    private readonly bool _trainOnInputs = trainOnInputs;
    private readonly GmtTrainingOptions _defaults = defaults;

    private readonly Option<int> _rank = Flag.Integer(
        "--lora_r", "Rank of the cross-attention's update; 0 for none.", LoraDefaults.Rank, OfLora(nameof(LoraOptions.Rank)));
    private readonly Option<double> _alpha = Flag.Number(
        "--lora_alpha", "The update is scaled by this over its rank.", LoraDefaults.Alpha, OfLora(nameof(LoraOptions.Alpha)));
    private readonly Option<double> _dropout = Flag.Number(
        "--lora_dropout", "Dropout probability of the update's input.", LoraDefaults.Dropout, OfLora(nameof(LoraOptions.Dropout)));
    private readonly Option<bool> _trainBase = Flag.Switch(
        "--train_cross_attn_base", "Trains the cross-attention's own projections as well.");
    private readonly Option<bool> _trainGraph = Flag.Switch("--train_graph_module", "Trains the graph module as well.");
    private readonly Option<int> _epochs = Flag.Epochs("--num_epochs", "rows", defaults.NumberOfEpochs, Settling.Epochs);
    private readonly Option<double> _learningRate = Flag.Number(
        "--learning_rate",
        defaults.LearningRate is not null ? "Peak of the learning rate, after 100 steps." : string.Create(
            CultureInfo.InvariantCulture,
            $"Peak of the learning rate, after {Settling.WarmupSteps} steps or one in {Settling.WarmupShare}. Without it "
            + $"{Settling.LearningRateOfNarrowModels} for a base model with a hidden size below {Settling.WideModel:N0}, else "
            + $"{Settling.LearningRate}."),
        defaults.LearningRate,
        OfTraining(nameof(GmtTrainingOptions.LearningRate)));
    private readonly Option<int> _cutoff = Flag.Integer(
        "--cutoff_len", "Tokens of a row at most.", RowTokenizer.DefaultCutoffLength,
        OptionRanges.Of<GmtTextOptions>(nameof(GmtTextOptions.CutoffLength)));
    private readonly Option<bool> _onInputs = Flag.Switch(
        "--train_on_inputs", $"The prompt is to be predicted too.{(trainOnInputs ? " The default." : "")}");

    private readonly Option<bool> _notOnInputs = Flag.Switch(
        "--no_train_on_inputs", $"Only the answer is to be predicted.{(trainOnInputs ? "" : " The default.")}");

    private readonly Option<bool> _addEnd = Flag.Switch(
        "--add_eos_token", "The end-of-sequence token follows the answer, so that the model learns to stop.");
    private readonly Option<bool> _byLength = Flag.Switch("--group_by_length", "Rows of similar length go together, which saves padding.");
    private readonly Option<int> _microBatchSize = Flag.Integer(
        "--micro_batch_size",
        "Rows that go through the model at once; fewer take less memory."
            + (defaults.MicroBatchSize is null ? " The whole batch without it." : ""),
        defaults.MicroBatchSize,
        OfTraining(nameof(GmtTrainingOptions.MicroBatchSize)));

    /// <summary>Rows of a step.</summary>
    public Option<int> BatchSize { get; } = Flag.Integer(
        "--batch_size", "Rows of an optimizer step.", defaults.BatchSize, OfTraining(nameof(GmtTrainingOptions.BatchSize)));

    /// <summary>Rows held out.</summary>
    public Option<int> ValidationRows { get; } = Flag.Integer(
        "--val_set_size", "Rows held out for validation.", 0,
        OptionRanges.Of<GmtFinetuneEstimator.Options>(nameof(GmtFinetuneEstimator.Options.HeldOutRows)));

    /// <summary>The template.</summary>
    public Option<string> Template { get; } = TemplateFile.NewOption();

    /// <summary>What adapts the language model's layers.</summary>
    public Option[] Adapter => [_rank, _alpha, _dropout, _trainBase, _trainGraph];

    /// <summary>Steps and rates.</summary>
    public Option[] Optimization => [BatchSize, _microBatchSize, _epochs, _learningRate];

    /// <summary>How rows become tokens.</summary>
    public Option[] Rows => [_cutoff, ValidationRows, _onInputs, _notOnInputs, _addEnd, _byLength, Template];

    /// <summary>The low-rank update.</summary>
    public LoraOptions Lora(CommandContext context) =>
        new() { Rank = context.Get(_rank), Alpha = context.Get(_alpha), Dropout = context.Get(_dropout) };

    /// <summary>Whether prompts are predicted too: of the two switches the later one counts.</summary>
    public bool TrainsOnInputs(CommandContext context) =>
        _trainOnInputs ? !context.IsLater(_notOnInputs, _onInputs) : context.IsLater(_onInputs, _notOnInputs);

    /// <summary>Rows that go through the model at once.</summary>
    public int MicroBatchSize(CommandContext context) =>
        context.GetOrNull(_microBatchSize) ?? context.Get(BatchSize);

    /// <summary>How triples are put into words, and what of the words is learned.</summary>
    public GmtTextOptions Text(CommandContext context, PromptTemplate template) => new()
    {
        Template = template,
        CutoffLength = context.Get(_cutoff),
        AddEndOfSequence = context.Get(_addEnd),
        TrainOnInputs = TrainsOnInputs(context),
    };

    /// <summary>How the library trains.</summary>
    public GmtTrainingOptions Options(CommandContext context) => _defaults with
    {
        NumberOfEpochs = context.GetOrNull(_epochs),
        BatchSize = context.Get(BatchSize),
        MicroBatchSize = MicroBatchSize(context),
        LearningRate = context.GetOrNull(_learningRate),
        GroupByLength = context.Get(_byLength),
        TrainGraphModule = context.Get(_trainGraph),
        TrainCrossAttentionBase = context.Get(_trainBase),
    };

    /// <summary>The reference's arguments from <c>lora_r</c> on, in its order, as its configuration file has them.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Settings(CommandContext context) =>
    [
        context.Setting(_rank),

        // The script's default is an integer, where the option's values are not.
        context.IsGiven(_alpha) ? context.Setting(_alpha) : new("lora_alpha", (int)LoraDefaults.Alpha),
        .. new Option[] { _dropout, _trainBase, _trainGraph }.Select(context.Setting),
        context.Setting(BatchSize), new("micro_batch_size", MicroBatchSize(context)),
        context.Setting(_epochs), context.Setting(_learningRate),
        context.Setting(_cutoff), context.Setting(ValidationRows),
        new("train_on_inputs", TrainsOnInputs(context)),
        .. new Option[] { _addEnd, _byLength, Template }.Select(context.Setting),
    ];

    /// <summary>Epochs and rate of a run, for the settings of one where nothing was given.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Settled(GmtTrainingOptions settled) =>
        [new("num_epochs", settled.NumberOfEpochs), new("learning_rate", settled.LearningRate)];

    private static OptionRangeAttribute OfTraining(string property) => OptionRanges.Of<GmtTrainingOptions>(property);

    private static OptionRangeAttribute OfLora(string property) => OptionRanges.Of<LoraOptions>(property);
}

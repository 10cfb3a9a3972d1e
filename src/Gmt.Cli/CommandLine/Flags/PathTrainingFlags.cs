using System.CommandLine;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>How a path model is shaped and trained.</summary>
internal sealed class PathTrainingFlags
{
    private static readonly PathTrainingOptions Defaults = new();

    private readonly Option<string> _start = Flag.Text(
        "--start_from", "A checkpoint of ULTRA's architecture (.pth) that is fine-tuned, in place of a model of one's own.", form: "FILE");

    private readonly Option<int> _dimension = Integer(
        "--dim", "Numbers of a state, a multiple of 16.", nameof(PathTrainingOptions.StateDimension), Defaults.StateDimension);
    private readonly Option<int> _hidden = Integer(
        "--hidden_dim", "Units of the layer that scores an entity, a multiple of 16.", nameof(PathTrainingOptions.HiddenDimension),
        Defaults.HiddenDimension);
    private readonly Option<int> _layers = Integer(
        "--layers", "Layers, and facts of a path at most.", nameof(PathTrainingOptions.NumberOfLayers), Defaults.NumberOfLayers);
    private readonly Option<int> _epochs = Integer(
        "--epochs", $"Passes over the questions. Without it {PathTrainingOptions.Defaults.Epochs}; 1 with --start_from.",
        nameof(PathTrainingOptions.NumberOfEpochs), least: 1);
    private readonly Option<int> _batchSize = Integer(
        "--batch_size", "Questions a step.", nameof(PathTrainingOptions.BatchSize), Defaults.BatchSize);
    private readonly Option<double> _rate = Number(
        "--lr", "Learning rate. Without it 0.005; 0.0005 with --start_from.", nameof(PathTrainingOptions.LearningRate));
    private readonly Option<int> _warmup = Integer(
        "--warmup_steps",
        $"Steps in which the rate rises. Without it {PathTrainingOptions.Defaults.WarmupSteps}, or one in "
        + $"{PathTrainingOptions.Defaults.WarmupShare} of fewer.", nameof(PathTrainingOptions.WarmupSteps));
    private readonly Option<double> _decay = Number(
        "--decay_power", "The rate falls as (1 - step / steps) to this power.", nameof(PathTrainingOptions.DecayPower),
        Defaults.DecayPower);
    private readonly Option<double> _norm = Number(
        "--max_grad_norm", "Gradients are scaled down to this norm.", nameof(PathTrainingOptions.MaxGradientNorm),
        Defaults.MaxGradientNorm);
    private readonly Option<int> _questions = Integer(
        "--questions", "To how many questions the answers of a query are dealt out in an epoch.",
        nameof(PathTrainingOptions.QuestionsPerQuery), Defaults.QuestionsPerQuery);
    private readonly Option<double> _weight = Number(
        "--question_weight_power",
        "A question weighs as many as its answers to this power: 0 for all alike. Without it 0.5; 0 with --start_from.",
        nameof(PathTrainingOptions.QuestionWeightPower));
    private readonly Option<int> _validation = Integer(
        "--validation_triples", "Validation triples that are ranked after an epoch, at most.",
        nameof(PathTrainingOptions.MaximumValidationTriples), Defaults.MaximumValidationTriples);
    private readonly Option<int> _patience = Flag.Integer(
        "--patience", "Epochs without a better validation figure after which training ends; 0 for no end.", 0, least: 0, most: 1_000_000);

    /// <summary>Decides every random draw.</summary>
    public SeedFlag Seed { get; } = new();

    /// <summary>Whether the number of processes changes no bit.</summary>
    public ReproducibleFlag Reproducible { get; } = new();

    /// <summary>What the model is.</summary>
    public Option[] Shape => [_start, _dimension, _hidden, _layers];

    /// <summary>How it learns.</summary>
    public Option[] Training =>
        [_epochs, _batchSize, _rate, _warmup, _decay, _norm, _questions, _weight, _validation, Seed.Option, Reproducible.Option, _patience];

    /// <summary>The checkpoint that training starts from; null for none.</summary>
    /// <exception cref="UsageError">A shape is given beside it.</exception>
    /// <exception cref="CommandFailure">There is no such file.</exception>
    public string? StartFrom(CommandContext context)
    {
        if (context.Get(_start) is not { Length: > 0 } file)
        {
            return null;
        }

        if (Array.Find<Option>([_dimension, _hidden, _layers], context.IsGiven) is { } shape)
        {
            throw new UsageError($"{shape.Name} has no use beside {_start.Name}, whose checkpoint has its own shape; leave it out");
        }

        ModelFlags.CheckPathModel(_start.Name, file);
        return file;
    }

    /// <summary>The options of training.</summary>
    public PathTrainingOptions Options(CommandContext context) => new()
    {
        StateDimension = context.Get(_dimension),
        HiddenDimension = context.Get(_hidden),
        NumberOfLayers = context.Get(_layers),
        NumberOfEpochs = context.GetOrNull(_epochs),
        BatchSize = context.Get(_batchSize),
        LearningRate = context.GetOrNull(_rate),
        WarmupSteps = context.GetOrNull(_warmup),
        DecayPower = context.Get(_decay),
        MaxGradientNorm = context.Get(_norm),
        QuestionsPerQuery = context.Get(_questions),
        QuestionWeightPower = context.GetOrNull(_weight),
        MaximumValidationTriples = context.Get(_validation),
        Seed = Seed.Of(context),
        Reproducible = Reproducible.Of(context),
        EarlyStoppingPatience = context.Get(_patience) is > 0 and var patience ? patience : null,
    };

    /// <summary>What a run's settings file says: all options as they were settled.</summary>
    /// <param name="settled">Settled options.</param>
    public static IEnumerable<KeyValuePair<string, object?>> Settings(PathTrainingOptions settled) =>
    [
        new("dim", settled.StateDimension), new("hidden_dim", settled.HiddenDimension), new("layers", settled.NumberOfLayers),
        new("epochs", settled.NumberOfEpochs), new("batch_size", settled.BatchSize), new("lr", settled.LearningRate),
        new("warmup_steps", settled.WarmupSteps), new("decay_power", settled.DecayPower), new("max_grad_norm", settled.MaxGradientNorm),
        new("questions", settled.QuestionsPerQuery),
        new("question_weight_power", settled.QuestionWeightPower), new("validation_triples", settled.MaximumValidationTriples),
        new("seed", settled.Seed), new("patience", settled.EarlyStoppingPatience ?? 0),
    ];

    private static Option<int> Integer(string name, string description, string property, int? defaultValue = null, double? least = null) =>
        Flag.Integer(name, description, defaultValue, least is { } from
            ? new OptionRangeAttribute(from, Range(property).Most) { Property = property }
            : Range(property));

    private static Option<double> Number(string name, string description, string property, double? defaultValue = null) =>
        Flag.Number(name, description, defaultValue, Range(property));

    private static OptionRangeAttribute Range(string property) => OptionRanges.Of<PathTrainingOptions>(property);
}

using System.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>How an embedding is shaped and trained; what is not given is settled by model and graph.</summary>
internal sealed class KgeTrainingFlags
{
    private const string Settled = "auto";

    private static readonly KgeTrainingOptions Defaults = new();

    private readonly Option<string> _model = Flag.Choice("--embedding", "How vectors make a score.", Words<KgeModel>());
    private readonly Option<int> _dimension = Integer(
        "--dim", "Numbers of a vector, of complex and rotate complex ones. Without it 256; 128 for rescal.",
        nameof(KgeTrainingOptions.EmbeddingDimension));
    private readonly Option<string> _loss = Flag.Choice(
        "--loss", "What a true triple is compared with: all entities, or samples.", [Settled, .. Words<KgeLoss>()]);
    private readonly Option<string> _reciprocal = Flag.Choice(
        "--reciprocal", "Whether heads are asked for by relations of their own.", Settled, "yes", "no");
    private readonly Option<int> _epochs = Integer(
        "--epochs",
        $"Passes over the triples. Without it {KgeDefaults.OfAllEntities}; with samples {KgeDefaults.OfSamples}.",
        nameof(KgeTrainingOptions.NumberOfEpochs), least: 1);
    private readonly Option<int> _batchSize = Integer(
        "--batch_size", "Queries a step, two for each triple. Without it 1000; 512 with samples.", nameof(KgeTrainingOptions.BatchSize));
    private readonly Option<string> _optimizer = Flag.Choice("--optimizer", "What moves the vectors.", [Settled, .. Words<KgeOptimizer>()]);
    private readonly Option<double> _rate = Number(
        "--lr", "Learning rate. Without it 0.1 of Adagrad, 0.001 of Adam.", nameof(KgeTrainingOptions.LearningRate));
    private readonly Option<string> _regularizer = Flag.Choice(
        "--regularizer", "What keeps vectors short.", [Settled, .. Words<KgeRegularizer>()]);
    private readonly Option<double> _weight = Number(
        "--reg_weight", "The regularizer's weight. Without it settled by the graph.", nameof(KgeTrainingOptions.RegularizationWeight));
    private readonly Option<double> _smoothing = Number(
        "--label_smoothing", "The share of a label that is spread over all entities.", nameof(KgeTrainingOptions.LabelSmoothing),
        Defaults.LabelSmoothing);
    private readonly Option<int> _negatives = Integer(
        "--num_neg", "Corrupted triples for each query, with samples.", nameof(KgeTrainingOptions.NegativesPerPositive),
        defaultValue: Defaults.NegativesPerPositive);
    private readonly Option<string> _sampling = Flag.Choice(
        "--negatives", "Which entities stand in, with samples.",
        [Word(NegativeSampling.Filtered), Word(NegativeSampling.Uniform), Word(NegativeSampling.Typed)]);
    private readonly Option<double> _temperature = Number(
        "--adversarial_temperature", "How much more hard samples weigh; 0 for all the same.",
        nameof(KgeTrainingOptions.AdversarialTemperature), Defaults.AdversarialTemperature);
    private readonly Option<double> _margin = Number(
        "--margin", "What is added to scores, with samples. Without it 9 for rotate and transe, else 0.",
        nameof(KgeTrainingOptions.Margin));
    private readonly Option<int> _norm = Integer(
        "--norm", "The norm of transe's distance.", nameof(KgeTrainingOptions.DistanceNorm), defaultValue: Defaults.DistanceNorm);
    private readonly Option<double> _initial = Number(
        "--init_scale", "How large the first numbers are. Without it settled by the model.", nameof(KgeTrainingOptions.InitialScale));
    private readonly Option<int> _patience = Flag.Integer(
        "--patience", "Epochs without a better validation figure after which training ends; 0 for no end.", 0, least: 0, most: 1_000_000);

    /// <summary>Decides every random draw.</summary>
    public SeedFlag Seed { get; } = new();

    /// <summary>Whether the number of processes changes no bit.</summary>
    public ReproducibleFlag Reproducible { get; } = new();

    /// <summary>What the vectors are.</summary>
    public Option[] Shape => [_model, _dimension, _reciprocal, _norm, _initial];

    /// <summary>How they learn.</summary>
    public Option[] Training =>
        [_loss, _epochs, _batchSize, _optimizer, _rate, _regularizer, _weight, _smoothing, Seed.Option, Reproducible.Option, _patience];

    /// <summary>How they learn from samples.</summary>
    public Option[] Samples => [_negatives, _sampling, _temperature, _margin];

    /// <summary>The model.</summary>
    public KgeModel Model(CommandContext context) => Parse<KgeModel>(context.Get(_model)) ?? default;

    /// <summary>The options of training.</summary>
    public KgeTrainingOptions Options(CommandContext context) => new()
    {
        EmbeddingDimension = context.GetOrNull(_dimension),
        Loss = Parse<KgeLoss>(context.Get(_loss)),
        ReciprocalRelations = context.Get(_reciprocal) switch { "yes" => true, "no" => false, _ => null },
        NumberOfEpochs = context.GetOrNull(_epochs),
        BatchSize = context.GetOrNull(_batchSize),
        Optimizer = Parse<KgeOptimizer>(context.Get(_optimizer)),
        LearningRate = context.GetOrNull(_rate),
        Regularizer = Parse<KgeRegularizer>(context.Get(_regularizer)),
        RegularizationWeight = context.GetOrNull(_weight),
        LabelSmoothing = context.Get(_smoothing),
        NegativesPerPositive = context.Get(_negatives),
        Negatives = Parse<NegativeSampling>(context.Get(_sampling)) ?? default,
        AdversarialTemperature = context.Get(_temperature),
        Margin = context.GetOrNull(_margin),
        DistanceNorm = context.Get(_norm),
        InitialScale = context.GetOrNull(_initial),
        Seed = Seed.Of(context),
        Reproducible = Reproducible.Of(context),
        EarlyStoppingPatience = context.Get(_patience) is > 0 and var patience ? patience : null,
    };

    /// <summary>What a run's settings file says: model, and all options as they were settled.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settled">Settled options.</param>
    public static IEnumerable<KeyValuePair<string, object?>> Settings(KgeModel model, KgeTrainingOptions settled) =>
    [
        new("embedding", Word(model)), new("dim", settled.EmbeddingDimension), new("loss", Word(settled.Loss!.Value)),
        new("reciprocal", settled.ReciprocalRelations), new("norm", settled.DistanceNorm), new("init_scale", settled.InitialScale),
        new("epochs", settled.NumberOfEpochs), new("batch_size", settled.BatchSize), new("optimizer", Word(settled.Optimizer!.Value)),
        new("lr", settled.LearningRate), new("regularizer", Word(settled.Regularizer!.Value)),
        new("reg_weight", settled.RegularizationWeight), new("label_smoothing", settled.LabelSmoothing),
        new("num_neg", settled.NegativesPerPositive), new("negatives", Word(settled.Negatives)),
        new("adversarial_temperature", settled.AdversarialTemperature), new("margin", settled.Margin), new("seed", settled.Seed),
        new("patience", settled.EarlyStoppingPatience ?? 0),
    ];

    private static string Word<T>(T value)
        where T : struct, Enum => $"{value}".ToLowerInvariant();

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Word)];

    private static T? Parse<T>(string word)
        where T : struct, Enum => Enum.TryParse(word, ignoreCase: true, out T value) ? value : null;

    private static Option<int> Integer(string name, string description, string property, double? least = null, int? defaultValue = null) =>
        Flag.Integer(name, description, defaultValue, least is { } from
            ? new OptionRangeAttribute(from, Range(property).Most) { Property = property }
            : Range(property));

    private static Option<double> Number(string name, string description, string property, double? defaultValue = null) =>
        Flag.Number(name, description, defaultValue, Range(property));

    private static OptionRangeAttribute Range(string property) => OptionRanges.Of<KgeTrainingOptions>(property);
}

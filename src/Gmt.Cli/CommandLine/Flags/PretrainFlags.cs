using System.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>How stage 1 trains, and where its results go.</summary>
/// <param name="defaults">What counts where nothing is given.</param>
internal sealed class PretrainFlags(SgmTrainingOptions defaults)
{
    /// <summary>The files that a finished run leaves.</summary>
    public static readonly string[] Results = [SgmFolder.StateFile, SgmFolder.ConfigFile];

    private readonly Option<int> _batchSize = Flag.Integer(
        "--batch_size", "True triples a step.", defaults.BatchSize, Range(nameof(SgmTrainingOptions.BatchSize)));
    private readonly Option<int> _negatives = Flag.Integer(
        "--num_neg", "Corrupted triples for each true one.", defaults.NegativesPerPositive,
        Range(nameof(SgmTrainingOptions.NegativesPerPositive)));
    private readonly Option<int> _epochs =
        Flag.Epochs("--epochs", "triples", defaults.NumberOfEpochs, SgmTrainingOptions.Defaults.Epochs);
    private readonly Option<double> _learningRate = Flag.Number(
        "--lr", "Learning rate of AdamW.", defaults.LearningRate, Range(nameof(SgmTrainingOptions.LearningRate)));

    /// <summary>Decides every random draw.</summary>
    public SeedFlag Seed { get; } = new();

    /// <summary>Where the module goes.</summary>
    public Option<string> Output { get; } = Flag.RequiredText(
        "--output_dir", $"Where {SgmFolder.StateFile} and {SgmFolder.ConfigFile} go.", "DIR");

    /// <summary>Where it computes.</summary>
    public DeviceFlag Device { get; } = new();

    /// <summary>The options of training, in the reference's order.</summary>
    public Option[] All => [_batchSize, _negatives, _epochs, _learningRate, Seed.Option];

    /// <summary>How the library trains.</summary>
    public SgmTrainingOptions Options(CommandContext context) => new()
    {
        NumberOfEpochs = context.GetOrNull(_epochs),
        BatchSize = context.Get(_batchSize),
        NegativesPerPositive = context.Get(_negatives),
        LearningRate = context.Get(_learningRate),
        Seed = Seed.Of(context),
    };

    /// <summary>The reference's arguments in its order.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Settings(
        CommandContext context, GraphFlags graph, RelationSemanticFlags semantics, SgmFlags module)
    {
        Option[] options = [.. graph.All, .. semantics.All, .. module.All, .. All, Output, Device.Option];
        return options.Select(context.Setting);
    }

    /// <summary>The epochs of a run, for the settings of one where none were given.</summary>
    public static KeyValuePair<string, object?> Settled(SgmTrainingOptions settled) => new("epochs", settled.NumberOfEpochs);

    private static OptionRangeAttribute Range(string property) => OptionRanges.Of<SgmTrainingOptions>(property);
}

using System.CommandLine;
using Microsoft.ML.Gmt.Sgm;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>How stage 1 trains.</summary>
internal sealed class PretrainFlags
{
    private static readonly SgmTrainingOptions Defaults = new();

    private readonly Option<int> _batchSize = Flag.Integer("--batch_size", "True triples a step.", Defaults.BatchSize);
    private readonly Option<int> _negatives = Flag.Integer("--num_neg", "Corrupted triples for each true one.", Defaults.NegativesPerPositive);
    private readonly Option<int> _epochs = Flag.Integer("--epochs", "Passes over the triples.", Defaults.NumberOfEpochs);
    private readonly Option<double> _learningRate = Flag.Number("--lr", "Learning rate of AdamW.", Defaults.LearningRate);

    /// <summary>Decides every random draw.</summary>
    public SeedFlag Seed { get; } = new();

    /// <summary>All options, in the reference's order.</summary>
    public Option[] All => [_batchSize, _negatives, _epochs, _learningRate, Seed.Option];

    /// <summary>How the library trains.</summary>
    public SgmTrainingOptions Options(CommandContext context) => new()
    {
        NumberOfEpochs = context.Get(_epochs),
        BatchSize = context.Get(_batchSize),
        NegativesPerPositive = context.Get(_negatives),
        LearningRate = context.Get(_learningRate),
        Seed = Seed.Of(context),
    };
}

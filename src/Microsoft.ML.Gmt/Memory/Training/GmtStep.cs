using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>One optimizer step of stage 2 after another, on micro batches that the caller chooses.</summary>
internal sealed class GmtStep : IDisposable
{
    private const int RowsOfTrainersBatch = 8;

    private readonly GmtModel _model;
    private readonly GmtTrainingOptions _options;
    private readonly FrozenStates? _frozen;
    private readonly RandomStreams _streams;

    /// <param name="model">The model; what is trained of it is chosen here.</param>
    /// <param name="options">How it trains, settled.</param>
    /// <param name="streams">The random streams of the run.</param>
    /// <param name="totalSteps">Steps of the whole training run.</param>
    /// <param name="frozen">Keeps what the layers below the memory make of the run's rows, and stays the caller's; null for none.</param>
    /// <param name="ranks">The processes that share each step; null for this one alone.</param>
    public GmtStep(
        GmtModel model, GmtTrainingOptions options, RandomStreams streams, long totalSteps, FrozenStates? frozen = null,
        ICollective? ranks = null)
    {
        (_model, _options, _frozen, _streams) = (model, options, frozen, streams);
        model.SetTrainable(options.TrainGraphModule, options.TrainCrossAttentionBase);
        var schedule = new LinearSchedule(options.LearningRate!.Value, totalSteps, options.WarmupSteps!.Value);
        HashSet<string> gates = [.. model.MemoryLayers.Keys.Select(layer => $"model.layers.{layer}.memory_gate")];
        (string Name, Parameter Parameter)[] trained = [.. model.NamedParameters().Where(pair => pair.Parameter.requires_grad)];
        Gradients = new GradientStep(
            trained.Select(pair => pair.Parameter),
            [
                new("optimizer", NewOptimizer(trained.Where(pair => !gates.Contains(pair.Name)))),
                new("gate optimizer", NewOptimizer(trained.Where(pair => gates.Contains(pair.Name))), options.GateLearningRateFactor),
            ],
            schedule.RateAt,
            options.MaxGradientNorm,
            StepSharing.Of(ranks, options.Reproducible));
        Dropout = new SeededDropout(streams.Generator("memory-dropout"));
    }

    /// <summary>Moves the weights; the gates may have a rate of their own.</summary>
    public GradientStep Gradients { get; }

    /// <summary>The source of dropout masks where steps are not divided.</summary>
    public SeededDropout Dropout { get; }

    /// <summary>Takes a step on the mean of the micro batches' losses, and returns it.</summary>
    /// <remarks>
    /// Parts of a step share the rows of all micro batches, so that a micro batch may be divided; its loss is still the mean over all of
    /// its tokens. Dropout masks are then those of step, micro batch and row, however many parts there are.
    /// </remarks>
    /// <param name="microBatches">Those of all processes: at least one, each with a token to predict.</param>
    /// <param name="step">Steps done before this one.</param>
    /// <exception cref="NotFiniteNumberException">The loss or the gradients' norm is not finite; the weights are as they were.</exception>
    public double Take(IReadOnlyList<IReadOnlyList<TokenizedRow>> microBatches, long step)
    {
        double mean = Gradients.Take(
            step, microBatches.Sum(rows => rows.Count), share => Learn([.. MicroBatchPart.Of(microBatches, share)], step));
        if (_options.TrainGraphModule)
        {
            _model.States.Refresh(_model.Encoder.GraphModule);
        }

        return mean;
    }

    /// <summary>Mean loss of rows that are not learned from: over their tokens, or over batches as the options say.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Ends the measurement between two batches.</param>
    public double Measure(IReadOnlyList<TokenizedRow> rows, CancellationToken cancellationToken)
    {
        using IDisposable inference = no_grad();
        bool byRows = _options.AverageValidationBatches;
        IEnumerable<TokenizedRow[]> batches = byRows ? rows.Chunk(RowsOfTrainersBatch)
            : rows.OrderBy(row => row.Ids.Count).Chunk(_options.Sizes.MicroBatchSize);
        (double total, long weights) = (0, 0);
        foreach (TokenizedRow[] batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            int weight = byRows ? batch.Length : batch.Sum(row => row.LabelCount);
            total += Loss(batch, dropout: null).item<float>() * weight;
            weights += weight;
        }

        return total / weights;
    }

    public void Dispose()
    {
        Gradients.Dispose();
        Dropout.Dispose();
    }

    private FusedAdamW NewOptimizer(IEnumerable<(string Name, Parameter Parameter)> parameters) =>
        new(parameters, _options.LearningRate!.Value, weightDecay: 0, EpsilonPlacement.BeforeCorrection);

    private PartLoss Learn(MicroBatchPart[] parts, long step)
    {
        (double weight, double total) = (parts.Sum(part => part.Weight), 0);
        foreach (MicroBatchPart part in parts)
        {
            using var scope = NewDisposeScope();
            using SeededDropout? ofRows = Gradients.Sharing.IsDivided ? DropoutOf(part, step) : null;
            Gradients.Sharing.Count(part.Rows.Count);
            Tensor loss = Loss(part.Rows, ofRows ?? Dropout, part.Length);
            (loss / (weight / part.Weight)).backward();
            total += loss.item<float>() * part.Weight;
        }

        return new PartLoss(total / weight, weight);
    }

    /// <summary>Masks that depend on a row and where in it a number stands, not on which other rows are here.</summary>
    private SeededDropout DropoutOf(MicroBatchPart part, long step) => new(
        _streams.Generator("memory-dropout", step, part.Number),
        [.. Enumerable.Range(part.Own.First, part.Own.Count).Select(row => (ulong)row)]);

    private Tensor Loss(IReadOnlyList<TokenizedRow> rows, SeededDropout? dropout, int leastLength = 0)
    {
        LabeledBatch batch = LabeledBatch.PadLeft(rows, _model.BaseModel.Device, leastLength);
        TripleEvidence evidence = _model.CollectEvidence(batch.Queries, _options.Mask);
        MemoryReader reader = _model.ReadEvidence(evidence, batch.Features, dropout);
        return LanguageModelLoss.Of(
            _model.BaseModel, batch.InputIds, batch.AttentionMask, batch.Labels, reader,
            _frozen is null ? null : (_frozen.Of(rows, leastLength), _frozen.Layers));
    }
}

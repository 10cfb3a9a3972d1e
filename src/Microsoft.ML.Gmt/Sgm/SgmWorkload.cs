using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// What a training run of stage 1 will take, estimated before its first step: the states of a batch are counted, not encoded.
/// </summary>
/// <param name="StepStates">Edge states that a step encodes.</param>
/// <param name="AllStates">Edge states of the graph.</param>
/// <param name="StepBytes">Memory of a step, in bytes.</param>
/// <param name="Steps">Steps of the run.</param>
/// <param name="StepTime">Time of a step on this machine.</param>
/// <param name="ValidationTime">Time of all validations.</param>
internal sealed record SgmWorkload(
    long StepStates, long AllStates, long StepBytes, long Steps, TimeSpan StepTime, TimeSpan ValidationTime)
{
    /// <summary>States that are encoded to find out how long one takes.</summary>
    private const int SampleStates = 2048;

    /// <summary>A step is a forward pass, and a backward pass of twice the work; dropout and the optimizer come on top.</summary>
    private const double TrainingFactor = 3.5;

    /// <summary>Estimates a run.</summary>
    /// <param name="module">The module.</param>
    /// <param name="states">The graph's states under it.</param>
    /// <param name="batches">The batches of training.</param>
    /// <param name="options">How it trains, settled.</param>
    /// <param name="validationTriples">Triples that all entities are ranked for after each epoch.</param>
    public static SgmWorkload Estimate(
        SgmModule module, GraphEdgeStates states, TripleBatches batches, SgmTrainingOptions options, int validationTriples)
    {
        (long stepStates, long entries) = CountStep(states, batches);
        double secondsPerState = Measure(module, states.States);
        SgmOptions shape = module.Options;
        double flopsPerState = 16.0 * shape.GraphDimension * shape.GraphDimension * Math.Max(1, shape.Layers);
        double rankingFlops = 4.0 * validationTriples * states.Graph.Entities.Count * shape.GraphDimension;
        double validation = (states.States.Count * secondsPerState) + (rankingFlops / flopsPerState * secondsPerState);
        int epochs = options.NumberOfEpochs!.Value;
        return new SgmWorkload(
            stepStates, states.States.Count, (stepStates * BytesPerState(shape)) + (entries * BytesPerEntry),
            epochs * batches.StepsPerEpoch, Seconds(stepStates * secondsPerState * TrainingFactor),
            validationTriples == 0 ? TimeSpan.Zero : Seconds(epochs * validation));
    }

    /// <summary>Refuses a run whose steps cannot fit.</summary>
    /// <param name="memory">The machine's memory in bytes.</param>
    /// <param name="batchSize">The run's batch size, of which a smaller one might do.</param>
    /// <exception cref="InsufficientMemoryException">A step needs more.</exception>
    public void Check(long memory, int batchSize)
    {
        if (StepBytes > memory)
        {
            int fitting = (int)(batchSize * (memory / 2.0) / StepBytes);
            string batch = fitting > 0 ? $"a smaller BatchSize (about {fitting}), " : "a smaller BatchSize, ";
            throw new InsufficientMemoryException(string.Create(
                CultureInfo.InvariantCulture,
                $"A step of stage 1 would take about {Gigabytes(StepBytes)} of memory, and there are {Gigabytes(memory)}: it encodes "
                + $"{StepStates:N0} of the graph's {AllStates:N0} edge states. Take {batch}fewer NegativesPerPositive, or a "
                + $"smaller GraphDimension."));
        }
    }

    /// <summary>The estimate as a line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"a step encodes about {StepStates:N0} of {AllStates:N0} edge states: about {Gigabytes(StepBytes)} of memory and "
        + $"{Words(StepTime)}; {Steps:N0} steps{(ValidationTime > TimeSpan.Zero ? " and validation" : "")} take about "
        + $"{Words((StepTime * Steps) + ValidationTime)}.");

    /// <summary>
    /// What is kept of a state for the backward pass, in widths of fp32: 16 a layer (of which 8 are the inner values of the feed-forward
    /// network), and on top what one layer's backward pass needs.
    /// </summary>
    private static long BytesPerState(SgmOptions shape) => ((16L * shape.Layers) + 12) * shape.GraphDimension * sizeof(float);

    /// <summary>A state in an entity's mean: column and value, in rows, in columns, and in the lists that they are made from.</summary>
    private static long BytesPerEntry => 32;

    /// <summary>Distinct states of the first batch's entities, and how many there are entity by entity.</summary>
    private static (long States, long Entries) CountStep(GraphEdgeStates states, TripleBatches batches)
    {
        SparseMatrix shares = states.StateShares;
        bool[] seenEntity = new bool[shares.RowCount], seenState = new bool[shares.ColumnCount];
        (long distinct, long entries) = (0, 0);
        void Read(int entity)
        {
            entries += shares.Offsets[entity + 1] - shares.Offsets[entity];
            if (!seenEntity[entity])
            {
                seenEntity[entity] = true;
                foreach (int state in shares.Columns.AsSpan(shares.Offsets[entity]..shares.Offsets[entity + 1]))
                {
                    distinct += seenState[state] ? 0 : 1;
                    seenState[state] = true;
                }
            }
        }

        foreach ((Triple[] positives, Triple[] negatives) in batches.Epoch(0).Take(1))
        {
            foreach (Triple triple in positives)
            {
                // Masked, each true triple sees its own entities in its own way.
                Read(triple.Head);
                Read(triple.Tail);
            }

            foreach (int entity in negatives.SelectMany(triple => new[] { triple.Head, triple.Tail }).Distinct().Where(e => !seenEntity[e]))
            {
                Read(entity);
            }
        }

        return (distinct, entries);
    }

    private static double Measure(SgmModule module, EdgeStateList states)
    {
        int count = Math.Min(SampleStates, states.Count);
        if (count == 0)
        {
            return 0;
        }

        EdgeStateList sample = states.Select([.. Enumerable.Range(0, count)]);
        using IDisposable inference = no_grad();
        double best = double.MaxValue;
        for (int run = 0; run < 3; run++)
        {
            using var scope = NewDisposeScope();
            long start = Stopwatch.GetTimestamp();
            _ = module.EncodeStates(sample).sum().item<float>(); // the value is waited for, on any device
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best / count;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, 1e9));

    private static string Gigabytes(long bytes) => bytes < 100_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes / 1_000_000)} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");

    private static string Words(TimeSpan time)
    {
        (double number, string unit) = time.TotalMinutes < 2 ? (time.TotalSeconds, "s")
            : time.TotalHours < 2 ? (time.TotalMinutes, "minutes")
            : time.TotalDays < 2 ? (time.TotalHours, "hours")
            : (time.TotalDays, "days");
        return $"{number.ToString(number < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture)} {unit}";
    }
}

using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Where a training run keeps its state, so that it can go on after an interruption.</summary>
/// <remarks>
/// <para>The file holds weights, optimizer, random streams, history and position. It is replaced whole or not at all. A run that goes on
/// from it, on the same kind of machine with the same number of threads, ends with the bits of one that never stopped. It is not removed at
/// the end: whoever has stored the result may do that.</para>
/// <para>The file also says what the numbers depend on: all options, the graph, the rows, the weights that are not trained, the kind of
/// device. A run in which any of these differs is refused, with the names of what differs, and so is the file of another version of this
/// library. SHA-256 of each tensor is recorded and checked: a damaged file is refused with the tensor's name. While a run keeps its state
/// in a file, it holds a lock beside it (<c>.lock</c>), and a second run that would is refused.</para>
/// </remarks>
/// <example>
/// A run that may be killed: started again, it goes on where it was.
/// <code>
/// var options = new SgmPretrainEstimator.Options
/// {
///     Training = new SgmTrainingOptions
///     {
///         Checkpoint = new TrainingCheckpointOptions { Path = "stage1.training", Resume = true },
///     },
/// };
/// using SgmTransformer model = ml.Transforms.SgmPretrain(graph, options).Fit(graph.ToDataView());
/// File.Delete("stage1.training");
/// </code>
/// </example>
public sealed record TrainingCheckpointOptions
{
    internal static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(1);

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The least time between two writings; one minute. Zero writes after each step.</summary>
    [OptionRange(0, 1_000_000_000_000)]
    public TimeSpan Interval { get; init; } = DefaultInterval;

    /// <summary>Whether to resume from the file where it exists; false: the run starts from the beginning and replaces it.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Whether the state is written at the end as well, so that what is made of the result can be made again without training again.
    /// </summary>
    internal bool KeepsEnd { get; init; }
}

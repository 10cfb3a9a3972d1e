namespace Microsoft.ML.Gmt.Training;

/// <summary>Where a training run keeps its state, so that it can go on after an interruption.</summary>
/// <remarks>
/// <para>The file holds weights, optimizer, random streams, history and position. It is replaced whole or not at all. A run that goes on
/// from it, on the same kind of machine with the same number of threads, ends with the bits of one that never stopped. It is not removed at
/// the end: whoever has stored the result may do that.</para>
/// <para>The file also says what the numbers depend on: all options, the graph, the rows, the weights that are not trained, the kind of
/// device. A run in which any of these differs is refused, with the names of what differs, and so is the file of another version of this
/// library.</para>
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
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The least time between two writings; one minute. Zero writes after each step.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether to resume from the file where it exists; false: the run starts from the beginning and replaces it.</summary>
    public bool Resume { get; init; }
}

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// Thrown where no row of the data can be trained on: a fault of the data, which the command line tells apart from faults of its own.
/// </summary>
/// <param name="reason">Why none can.</param>
internal sealed class NothingToTrainOnException(string reason) : InvalidOperationException($"There is nothing to train on: {reason}");

namespace Microsoft.ML.Gmt.Training;

/// <summary>Parameters that one optimizer moves.</summary>
/// <param name="Name">What a checkpoint calls the optimizer's state.</param>
/// <param name="Optimizer">Moves them; owned by the <see cref="GradientStep"/> that it is given to.</param>
/// <param name="RateFactor">Its learning rate over that of the schedule.</param>
internal sealed record OptimizerGroup(string Name, IOptimizer Optimizer, double RateFactor = 1);

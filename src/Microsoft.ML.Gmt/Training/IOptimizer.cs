namespace Microsoft.ML.Gmt.Training;

/// <summary>Moves parameters by their gradients; its state can be kept.</summary>
internal interface IOptimizer : ITrainingState, IDisposable
{
    /// <summary>η; it may change from step to step.</summary>
    public double LearningRate { get; set; }

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradients();

    /// <summary>Moves the parameters that have a gradient.</summary>
    public void Step();
}

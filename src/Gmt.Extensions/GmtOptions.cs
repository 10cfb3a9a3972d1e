namespace Microsoft.ML.Gmt.Extensions;

/// <summary>What an <see cref="IGmtScorer"/> answers by; checked when the application starts.</summary>
public sealed class GmtOptions
{
    /// <summary>
    /// An ML.NET archive of a model of this library, as <c>ml.Model.SaveAtomically</c> writes it. Either this or <see cref="GraphPath"/>.
    /// </summary>
    public string? ModelPath { get; set; }

    /// <summary>
    /// A graph's file or folder, which the path model of the package judges with nothing trained. Either this or <see cref="ModelPath"/>.
    /// </summary>
    public string? GraphPath { get; set; }

    /// <summary>Whether the model is loaded again when the file changes; false.</summary>
    public bool WatchForChanges { get; set; }

    /// <summary>
    /// How often the file is looked at, where it is watched; 2 seconds, from 10 milliseconds to a day. A change is read once two looks in a
    /// row have found the same.
    /// </summary>
    /// <remarks>Looking works where events of the file system don't: on network shares, in volumes of containers.</remarks>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many facts share a forward pass at most; 32, from 1 to 4,096.</summary>
    public int MaximumBatchSize { get; set; } = 32;

    /// <summary>How many calls compute at once, others wait; by default as many as the process has processors, from 1 to 1,024.</summary>
    public int MaximumConcurrentCalls { get; set; } = Environment.ProcessorCount;

    /// <summary>How many of the best entities by score get a verdict, and are ordered by it; 50, from 1 to 100,000.</summary>
    public int RankCandidates { get; set; } = 50;

    /// <summary>
    /// Is given each model that was loaded, before its first use, to bind what an archive cannot hold: <c>ml.Model.BindBaseModel</c>,
    /// <c>ml.Model.BindTokenizer</c>. Null for nothing.
    /// </summary>
    public Action<MLContext, ITransformer>? OnLoaded { get; set; }
}

namespace Microsoft.ML.Gmt.Paths;

/// <summary>The edges of a receiver, by label and then by sender.</summary>
/// <param name="senders">[count].</param>
/// <param name="labels">[count].</param>
/// <param name="count">How many there are.</param>
internal readonly unsafe struct EdgeRun(int* senders, int* labels, int count)
{
    /// <summary>Who sends over each edge.</summary>
    public readonly int* Senders = senders;

    /// <summary>The label of each edge.</summary>
    public readonly int* Labels = labels;

    /// <summary>How many there are.</summary>
    public readonly int Count = count;
}

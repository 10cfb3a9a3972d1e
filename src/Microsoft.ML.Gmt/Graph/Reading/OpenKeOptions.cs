namespace Microsoft.ML.Gmt.Graph;

/// <summary>How to read an OpenKE folder.</summary>
public sealed record OpenKeOptions
{
    /// <summary>The file of training triples, in the folder. Default <c>train2id.txt</c>.</summary>
    public string TrainFile { get; init; } = OpenKeFolder.TrainFile;

    /// <summary>The file of validation triples. Default null: <c>valid2id.txt</c> where the folder has it.</summary>
    public string? ValidationFile { get; init; }

    /// <summary>The file of test triples. Default null: <c>test2id.txt</c> where the folder has it.</summary>
    public string? TestFile { get; init; }

    /// <summary>
    /// The order of the columns of every triple file: a permutation of h (head), r (relation) and t (tail). Default <c>htr</c>: head, tail,
    /// relation.
    /// </summary>
    public string TripleFormat { get; init; } = "htr";

    /// <summary>Whether edges from tail to head get relations of their own. Default false.</summary>
    public bool AddInverse { get; init; }

    /// <summary>
    /// Whether texts of names that the graph lacks are passed over, and all but the first of a name's; otherwise they are errors. Default
    /// false.
    /// </summary>
    public bool IgnoreTextsOfUnknownNames { get; init; }

    /// <summary>
    /// Whether only names and training triples are read; otherwise other splits, labeled negatives and texts are too where the folder has
    /// them. Default false.
    /// </summary>
    public bool TrainingOnly { get; init; }

    /// <summary>How strictly ids, names and triples are read; texts always are. Default <see cref="OpenKeCompatibility.Strict"/>.</summary>
    public OpenKeCompatibility Compatibility { get; init; }
}

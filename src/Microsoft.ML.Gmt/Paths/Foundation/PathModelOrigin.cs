namespace Microsoft.ML.Gmt.Paths;

/// <summary>Where the weights of a path model come from, and what they were fitted on, as far as the file's hash tells.</summary>
/// <param name="FileName">The name of the file that was read; empty for weights that were trained from nothing.</param>
/// <param name="Sha256">
/// The SHA-256 of the file's bytes, 64 hexadecimal digits in lower case; empty for weights that were trained from nothing.
/// </param>
public sealed record PathModelOrigin(string FileName, string Sha256)
{
    /// <summary>
    /// The graphs to whose training facts the weights of the file were fitted; null where the file is not one that this library knows, or
    /// there is none. Their validation and test facts were not used, but one graph's test facts can be another's training facts: 90 % of
    /// those of CoDEx-S are training facts of CoDEx-M.
    /// </summary>
    public IReadOnlyList<string>? PretrainedOn { get; private init; }

    /// <summary>Whether the weights were trained on this graph, from nothing or from those of the file.</summary>
    public bool IsTrainedOnGraph { get; private init; }

    /// <summary>What is known of the weights, in words.</summary>
    /// <returns>Such as <c>pre-trained on FB15k-237, WN18RR and CoDEx-M</c>, or <c>what it was trained on is not known</c>.</returns>
    public override string ToString()
    {
        string file = PretrainedOn is { } graphs ? $"pre-trained on {string.Join(", ", graphs.SkipLast(1))} and {graphs[^1]}"
            : "what it was trained on is not known";
        return !IsTrainedOnGraph ? file
            : FileName.Length == 0 ? "trained on this graph's training triples"
            : $"fine-tuned on this graph's training triples from {FileName}, {file}";
    }

    internal static PathModelOrigin Of(string fileName, string sha256) =>
        new(fileName, sha256) { PretrainedOn = KnownPathModels.PretrainingOf(sha256) };

    /// <summary>Weights that were trained on the graph.</summary>
    /// <param name="start">Where they started from; null for nothing.</param>
    internal static PathModelOrigin TrainedFrom(PathModelOrigin? start) =>
        (start ?? new PathModelOrigin("", "")) with { IsTrainedOnGraph = true };

    /// <exception cref="ArgumentException">The hash is none.</exception>
    internal void Check()
    {
        if (IsTrainedOnGraph && FileName is "" && Sha256 is "")
        {
            return;
        }

        ArgumentException.ThrowIfNullOrEmpty(FileName);
        if (Sha256 is not { Length: 64 } || !Sha256.All(char.IsAsciiHexDigitLower))
        {
            throw new ArgumentException($"'{Sha256}' is not a SHA-256 of 64 hexadecimal digits in lower case.", nameof(Sha256));
        }
    }
}

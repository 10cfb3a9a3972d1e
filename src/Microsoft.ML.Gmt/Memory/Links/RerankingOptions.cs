using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>How the entities that one model retrieves are scored again by a language model.</summary>
public sealed record RerankingOptions
{
    /// <summary>m, how many entities are retrieved and scored again for each question; 20.</summary>
    [OptionRange(1, 1_000_000)]
    public int NumberOfCandidates { get; init; } = 20;

    /// <summary>What the language model says of them; <see cref="RerankingScore.Answer"/>.</summary>
    public RerankingScore Score { get; init; }

    /// <summary>The words of questions, for <see cref="RerankingScore.Answer"/>: those that the model was taught with.</summary>
    public LinkPrompt Prompt { get; init; } = LinkPrompt.Default;

    /// <summary>How many questions, or verdicts, share a forward pass; 8.</summary>
    [OptionRange(1, 1_000_000)]
    public int BatchSize { get; init; } = 8;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Prompt);
        OptionRanges.Check(this);
        if (!Enum.IsDefined(Score))
        {
            throw new ArgumentOutOfRangeException(nameof(Score), Score, "There is no such score of candidates.");
        }
    }
}

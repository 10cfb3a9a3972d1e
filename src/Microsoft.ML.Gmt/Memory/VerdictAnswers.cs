namespace Microsoft.ML.Gmt.Memory;

/// <summary>The texts that count as a true and as a false answer right after a prompt. Several spellings add up.</summary>
internal sealed record VerdictAnswers
{
    /// <summary>Answers that say true; <c>True</c>.</summary>
    public IReadOnlyList<string> True { get; init; } = ["True"];

    /// <summary>Answers that say false; <c>False</c>.</summary>
    public IReadOnlyList<string> False { get; init; } = ["False"];

    internal void Check()
    {
        string[] all = [.. True, .. False];
        if (True.Count == 0 || False.Count == 0 || all.Any(string.IsNullOrEmpty) || all.Distinct(StringComparer.Ordinal).Count() < all.Length)
        {
            throw new ArgumentException(
                $"The answers '{string.Join("', '", True)}' for true and '{string.Join("', '", False)}' for false must be different texts, at least one for each.");
        }
    }
}

namespace Microsoft.ML.Gmt.Graph;

/// <summary>A text for some ids of a vocabulary: labels or definitions.</summary>
internal sealed class NameTexts
{
    private readonly string?[] _texts;

    /// <param name="texts">By id; null where there is none. Taken over, not copied.</param>
    public NameTexts(string?[] texts) => _texts = texts;

    public static NameTexts None { get; } = new([]);

    /// <summary>One more than the highest id that may have a text.</summary>
    public int Length => _texts.Length;

    public string? this[int id] => (uint)id < (uint)_texts.Length ? _texts[id] : null;

    public int Count() => _texts.Count(text => text is not null);
}

namespace Microsoft.ML.Gmt.Text;

/// <summary>A word that a text was split into, and where it stands there.</summary>
/// <param name="Text">The word.</param>
/// <param name="Start">Where the text's part of it begins in the text.</param>
/// <param name="Lead">How many characters at its beginning the text has not: 1 where a space was put in front.</param>
internal readonly record struct Word(ReadOnlyMemory<char> Text, int Start = 0, int Lead = 0)
{
    /// <summary>A part of the word.</summary>
    public Word Slice(int from, int to) => new(Text[from..to], Place(from), Math.Max(0, Lead - from));

    /// <summary>Where a place in the word is in the text.</summary>
    public int Place(int offset) => Start + Math.Max(0, offset - Lead);
}

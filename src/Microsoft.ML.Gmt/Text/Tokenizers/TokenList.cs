using System.Text;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Receives the tokens of a text, and where they are asked for, their places and the text as it was normalized.</summary>
internal sealed class TokenList
{
    private readonly List<Range>? _places;
    private readonly StringBuilder? _text;
    private readonly int _most;

    /// <summary>Creates an empty list.</summary>
    /// <param name="capacity">How many tokens to make room for.</param>
    /// <param name="withPlaces">Whether it keeps places.</param>
    /// <param name="withText">Whether it keeps the normalized text.</param>
    /// <param name="most">How many tokens are wanted; the last word may bring some more.</param>
    public TokenList(int capacity, bool withPlaces = false, bool withText = false, int most = int.MaxValue)
    {
        Ids = new List<int>(capacity);
        _places = withPlaces ? [] : null;
        _text = withText ? new StringBuilder() : null;
        _most = most;
    }

    /// <summary>The ids.</summary>
    public List<int> Ids { get; }

    /// <summary>Whether places are kept, so that <see cref="Add"/> alone may add tokens.</summary>
    public bool HasPlaces => _places is not null;

    /// <summary>The spelling of each token, where the tokenizer gives it itself.</summary>
    public List<string>? Spellings { get; set; }

    /// <summary>The length of the processed text: as it is normalized, or as it is.</summary>
    public int Length { get; private set; }

    /// <summary>The normalized text, or null where it is not kept.</summary>
    public string? Text => _text?.ToString();

    /// <summary>Whether a part of the text was left out for want of room.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Asks whether there is room for a word; where there is none, the text is cut before it.</summary>
    public bool TakesMore()
    {
        IsCut |= Ids.Count >= _most;
        return !IsCut;
    }

    /// <summary>Adds a token.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="start">Where it begins, counted from <see cref="Length"/>.</param>
    /// <param name="end">Where it ends, counted likewise.</param>
    public void Add(int id, int start, int end)
    {
        Ids.Add(id);
        _places?.Add((Length + start)..(Length + end));
    }

    /// <summary>Adds tokens that stand for no text, as long as there is room.</summary>
    public void AddSpecial(IReadOnlyList<int> ids)
    {
        for (int i = 0; i < ids.Count && TakesMore(); i++)
        {
            Add(ids[i], 0, 0);
        }
    }

    /// <summary>Goes on behind a part of the processed text.</summary>
    public void Advance(ReadOnlySpan<char> part)
    {
        Length += part.Length;
        _text?.Append(part);
    }

    /// <summary>The place of a token in the processed text.</summary>
    public Range PlaceOf(int token) => _places![token];

    /// <summary>How many tokens of the beginning there are room for, so that no character is torn.</summary>
    public int CountFromStart(int most)
    {
        int count = Math.Min(most, Ids.Count);
        while (count > 0 && !IsBorder(count))
        {
            count--;
        }

        return count;
    }

    /// <summary>How many tokens of the end there are room for, so that no character is torn.</summary>
    public int CountFromEnd(int most)
    {
        int count = Math.Min(most, Ids.Count);
        while (count > 0 && !IsBorder(Ids.Count - count))
        {
            count--;
        }

        return count;
    }

    /// <summary>Whether the token and the one before it share no character.</summary>
    private bool IsBorder(int token) => token == 0 || token == Ids.Count || _places![token].Start.Value >= _places[token - 1].End.Value;
}

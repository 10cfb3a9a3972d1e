namespace Microsoft.ML.Gmt.Text;

/// <summary>What becomes of a delimiter when a text is split at it. The names are those of <c>tokenizer.json</c>.</summary>
internal enum SplitBehavior
{
    /// <summary>The delimiter is dropped.</summary>
    Removed,

    /// <summary>The delimiter is a word of its own.</summary>
    Isolated,

    /// <summary>The delimiter ends the word before it.</summary>
    MergedWithPrevious,

    /// <summary>The delimiter begins the word after it.</summary>
    MergedWithNext,

    /// <summary>Delimiters that touch are one word.</summary>
    Contiguous,
}

/// <summary>Splits texts as <see cref="SplitBehavior"/> says.</summary>
internal static class SplitBehaviors
{
    /// <summary>Appends the words of a text.</summary>
    /// <param name="behavior">What becomes of the delimiters.</param>
    /// <param name="text">What is split.</param>
    /// <param name="matches">Where the pattern matched, in order and not overlapping.</param>
    /// <param name="invert">Whether the delimiters are what lies between the matches.</param>
    /// <param name="words">Receives the words; no word is empty.</param>
    public static void Apply(this SplitBehavior behavior, Word text, List<Range> matches, bool invert, List<Word> words)
    {
        int start = 0;                  // of the word that is being put together
        int end = 0;                    // where it ends so far
        bool afterDelimiter = false;
        foreach ((int partStart, int partEnd, bool delimiter) in Parts(text.Text.Length, matches, invert))
        {
            bool joins = behavior switch
            {
                SplitBehavior.MergedWithPrevious => delimiter && !afterDelimiter,
                SplitBehavior.MergedWithNext => !delimiter && afterDelimiter,
                SplitBehavior.Contiguous => delimiter == afterDelimiter,
                _ => false,
            };
            if (!joins)
            {
                Add(start, end);
                start = partStart;
            }

            end = partEnd;
            afterDelimiter = delimiter;
            if (delimiter && behavior == SplitBehavior.Removed)
            {
                start = end;
            }
        }

        Add(start, end);

        void Add(int from, int to)
        {
            if (to > from)
            {
                words.Add(text.Slice(from, to));
            }
        }
    }

    // Matches and what lies between them, in order, without empty parts.
    private static IEnumerable<(int Start, int End, bool Delimiter)> Parts(int length, List<Range> matches, bool invert)
    {
        int done = 0;
        foreach (Range match in matches)
        {
            int start = match.Start.Value;
            int end = match.End.Value;
            if (start > done)
            {
                yield return (done, start, invert);
            }

            if (end > start)
            {
                yield return (start, end, !invert);
            }

            done = end;
        }

        if (done < length)
        {
            yield return (done, length, invert);
        }
    }
}

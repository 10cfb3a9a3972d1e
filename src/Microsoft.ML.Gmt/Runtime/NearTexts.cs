namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Finds what a misspelt text may have meant, at a bounded cost.</summary>
internal static class NearTexts
{
    /// <summary>Of very many texts the first are looked at.</summary>
    public const int Most = 1 << 20;

    /// <summary>And no more of them than fit into this many steps, of a few nanoseconds each.</summary>
    public const long MostSteps = 1 << 25;

    // One edit for every three letters, but no more than these: whoever errs more often means something else.
    private const int MostEdits = 3;
    private const int LongestWritten = 200;

    /// <summary>"; did you mean …?" with the texts that are near; empty where none is.</summary>
    /// <param name="near">What <see cref="To"/> found.</param>
    public static string Question(IReadOnlyCollection<string> near) =>
        near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(text => $"'{text}'"))}?";

    /// <summary>Up to three different texts that are near, the nearest first, in any case.</summary>
    /// <param name="written">The text as it was written.</param>
    /// <param name="texts">The texts there are; those are looked at that <see cref="Most"/> and <see cref="MostSteps"/> allow.</param>
    public static string[] To(string written, IEnumerable<string> texts)
    {
        if (written.Length > LongestWritten)
        {
            return [];
        }

        int farthest = Math.Clamp(written.Length / 3, 1, MostEdits);
        var distance = new EditDistance(written, farthest);
        var near = new List<(int Distance, string Text)>();
        foreach (string text in texts.Take(Most))
        {
            if (distance.Steps > MostSteps)
            {
                break;
            }

            if (Math.Abs(text.Length - written.Length) <= farthest && distance.To(text) is var edits && edits <= farthest)
            {
                near.Add((edits, text));
            }
        }

        return
        [
            .. near.OrderBy(pair => pair.Distance).ThenBy(pair => pair.Text, StringComparer.Ordinal)
                .Select(pair => pair.Text).Distinct().Take(3),
        ];
    }

    /// <summary>
    /// Letters inserted, deleted, replaced or swapped with their neighbor (optimal string alignment), in any case; only the band of the
    /// table where a distance within the limit can be is computed.
    /// </summary>
    private sealed class EditDistance
    {
        private readonly string _written;
        private readonly int _limit;
        private readonly char[] _other;
        private int[] _beforeLast, _last, _row;

        public EditDistance(string written, int limit)
        {
            (_written, _limit) = (written.ToUpperInvariant(), limit);
            int width = written.Length + limit + 1;
            (_other, _beforeLast, _last, _row) = (new char[width], new int[width], new int[width], new int[width]);
        }

        /// <summary>Cells of tables that were computed so far.</summary>
        public long Steps { get; private set; }

        /// <summary>The distance; anything above the limit once it is passed.</summary>
        /// <param name="text">A text that is longer by no more than the limit.</param>
        public int To(string text)
        {
            int length = text.AsSpan().ToUpperInvariant(_other);
            for (int j = 0; j <= length; j++)
            {
                _last[j] = j;
            }

            for (int i = 1; i <= _written.Length; i++)
            {
                int first = Math.Max(1, i - _limit), end = Math.Min(length, i + _limit);
                int least = _row[first - 1] = first == 1 ? i : _limit + 1;
                Steps += end - first + 1;
                for (int j = first; j <= end; j++)
                {
                    least = Math.Min(least, _row[j] = Cell(i, j));
                }

                if (end < length)
                {
                    _row[end + 1] = _limit + 1;
                }

                if (least > _limit)
                {
                    return least;
                }

                (_beforeLast, _last, _row) = (_last, _row, _beforeLast);
            }

            return _last[length];
        }

        private int Cell(int i, int j)
        {
            bool isEqual = _written[i - 1] == _other[j - 1];
            int edits = Math.Min(_last[j - 1] + (isEqual ? 0 : 1), 1 + Math.Min(_last[j], _row[j - 1]));
            bool isSwapped = i > 1 && j > 1 && _written[i - 1] == _other[j - 2] && _written[i - 2] == _other[j - 1];
            return isSwapped ? Math.Min(edits, _beforeLast[j - 2] + 1) : edits;
        }
    }
}

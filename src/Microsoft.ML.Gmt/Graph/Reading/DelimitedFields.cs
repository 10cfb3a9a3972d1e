using System.Text;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Cuts a line into fields; holds the room for them, so that a line costs no allocation.</summary>
internal sealed class DelimitedFields
{
    private const byte Quote = (byte)'"';

    private readonly byte _delimiter;
    private readonly bool _quoted;
    private readonly bool _trims;
    private Range[] _ranges = new Range[8];
    private bool[] _hasDoubledQuotes = new bool[8];
    private byte[] _unquoted = new byte[256];

    /// <param name="delimiter">What stands between fields.</param>
    /// <param name="quoted">Whether a field may stand in quotation marks.</param>
    /// <param name="trims">Whether white space around a field, or around its quotation marks, is left out.</param>
    public DelimitedFields(byte delimiter, bool quoted, bool trims = false) => (_delimiter, _quoted, _trims) = (delimiter, quoted, trims);

    /// <summary>How many fields the line split last has.</summary>
    public int Count { get; private set; }

    /// <summary>How many fields of the line split last had white space around them that was left out.</summary>
    public int TrimmedCount { get; private set; }

    /// <summary>Where the split stopped, as a byte index, when it failed.</summary>
    public int FailedAt { get; private set; }

    /// <summary>Finds the fields; false where a quotation mark has no partner or something follows it.</summary>
    public bool TrySplit(ReadOnlySpan<byte> line)
    {
        (Count, TrimmedCount) = (0, 0);
        int position = 0;
        while (true)
        {
            int end;
            if (_quoted && QuoteAt(line, position) is >= 0 and int quote)
            {
                if (!TryQuoted(line, quote, out end))
                {
                    FailedAt = quote;
                    return false;
                }
            }
            else
            {
                int length = line[position..].IndexOf(_delimiter);
                end = length < 0 ? line.Length : position + length;
                AddPlain(line, position..end);
            }

            if (end == line.Length)
            {
                return true;
            }

            position = end + 1;
        }
    }

    /// <summary>Where a field stands in the line, without its quotation marks.</summary>
    public Range this[int field] => _ranges[field];

    /// <summary>A field's bytes, doubled quotation marks made single; valid until the next call.</summary>
    public ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> line, int field)
    {
        ReadOnlySpan<byte> bytes = line[_ranges[field]];
        return _hasDoubledQuotes[field] ? Single(bytes) : bytes;
    }

    /// <summary>The fields as text; bytes that are not UTF-8 are replaced.</summary>
    public string[] Texts(ReadOnlySpan<byte> line)
    {
        string[] texts = new string[Count];
        for (int field = 0; field < Count; field++)
        {
            texts[field] = Encoding.UTF8.GetString(Bytes(line, field));
        }

        return texts;
    }

    /// <summary>Where the quotation mark is that a field begins with; -1 for none.</summary>
    private int QuoteAt(ReadOnlySpan<byte> line, int position)
    {
        position += _trims ? BlanksFrom(line, position) : 0;
        return position < line.Length && line[position] == Quote ? position : -1;
    }

    private int BlanksFrom(ReadOnlySpan<byte> line, int position)
    {
        int count = 0;
        while (position + count < line.Length && line[position + count] is (byte)' ' or (byte)'\t' && line[position + count] != _delimiter)
        {
            count++;
        }

        return count;
    }

    private bool TryQuoted(ReadOnlySpan<byte> line, int start, out int end)
    {
        bool doubled = false;
        int position = start + 1;
        while (true)
        {
            int length = line[position..].IndexOf(Quote);
            if (length < 0)
            {
                end = line.Length;
                return false;
            }

            position += length + 1;
            if (position == line.Length || line[position] != Quote)
            {
                break;
            }

            doubled = true;
            position++;
        }

        Add((start + 1)..(position - 1), doubled);
        end = position + (_trims ? BlanksFrom(line, position) : 0);
        return end == line.Length || line[end] == _delimiter;
    }

    private void AddPlain(ReadOnlySpan<byte> line, Range range)
    {
        Range trimmed = _trims ? Utf8Blanks.Trim(line, range) : range;
        TrimmedCount += trimmed.Equals(range) ? 0 : 1;
        Add(trimmed, hasDoubledQuotes: false);
    }

    private void Add(Range range, bool hasDoubledQuotes)
    {
        if (Count == _ranges.Length)
        {
            Array.Resize(ref _ranges, 2 * Count);
            Array.Resize(ref _hasDoubledQuotes, 2 * Count);
        }

        _ranges[Count] = range;
        _hasDoubledQuotes[Count++] = hasDoubledQuotes;
    }

    private ReadOnlySpan<byte> Single(ReadOnlySpan<byte> bytes)
    {
        if (_unquoted.Length < bytes.Length)
        {
            _unquoted = new byte[2 * bytes.Length];
        }

        int count = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            _unquoted[count++] = bytes[i];
            i += bytes[i] == Quote ? 1 : 0;
        }

        return _unquoted.AsSpan(0, count);
    }
}

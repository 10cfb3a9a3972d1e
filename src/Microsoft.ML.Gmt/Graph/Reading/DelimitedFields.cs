namespace Microsoft.ML.Gmt.Graph;

/// <summary>Cuts a line into fields; holds the room for them, so that a line costs no allocation.</summary>
internal sealed class DelimitedFields
{
    private const byte Quote = (byte)'"';

    private readonly byte _delimiter;
    private readonly bool _quoted;
    private Range[] _ranges = new Range[8];
    private bool[] _hasDoubledQuotes = new bool[8];
    private byte[] _unquoted = new byte[256];

    public DelimitedFields(byte delimiter, bool quoted) => (_delimiter, _quoted) = (delimiter, quoted);

    /// <summary>How many fields the line split last has.</summary>
    public int Count { get; private set; }

    /// <summary>Where the split stopped, as a byte index, when it failed.</summary>
    public int FailedAt { get; private set; }

    /// <summary>Finds the fields; false where a quotation mark has no partner or something follows it.</summary>
    public bool TrySplit(ReadOnlySpan<byte> line)
    {
        Count = 0;
        int position = 0;
        while (true)
        {
            int end;
            if (_quoted && position < line.Length && line[position] == Quote)
            {
                if (!TryQuoted(line, position, out end))
                {
                    FailedAt = position;
                    return false;
                }
            }
            else
            {
                int length = line[position..].IndexOf(_delimiter);
                end = length < 0 ? line.Length : position + length;
                Add(position..end, hasDoubledQuotes: false);
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

    public List<string> Texts(Utf8LineReader reader, ReadOnlySpan<byte> line)
    {
        var texts = new List<string>(Count);
        for (int field = 0; field < Count; field++)
        {
            texts.Add(reader.Decode(line, _ranges[field]));
        }

        return texts;
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
        end = position;
        return end == line.Length || line[end] == _delimiter;
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

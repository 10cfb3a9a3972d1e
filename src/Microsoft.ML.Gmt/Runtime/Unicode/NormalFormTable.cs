using System.Globalization;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Which characters decompose or combine: <c>normal-forms.txt</c>, written by <c>eng/normal-forms.py</c>.</summary>
internal sealed class NormalFormTable
{
    private static readonly Lazy<NormalFormTable> One = new(Read);

    private readonly Dictionary<int, int[]> _canonical = [];
    private readonly Dictionary<int, int[]> _compatible = [];
    private readonly Dictionary<(int First, int Second), int> _wholes = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly HashSet<int> _seconds = [];

    private NormalFormTable()
    {
    }

    /// <summary>The table; read on first use.</summary>
    public static NormalFormTable Shared => One.Value;

    /// <summary>The characters that have parts, a class, or a place behind another in a whole.</summary>
    public IEnumerable<int> Points => _canonical.Keys.Concat(_compatible.Keys).Concat(_classes.Keys).Concat(_seconds);

    /// <summary>The highest of them, and of the syllables of Hangul.</summary>
    public int Last => Math.Max(Points.Max(), 0xD7A3);

    /// <summary>Whether a character may become one with another before it.</summary>
    public bool IsSecond(int point) => _seconds.Contains(point);

    /// <summary>The parts of a character, which may have parts themselves; null for one that has none.</summary>
    public int[]? Decomposition(int point, bool compatible) =>
        _canonical.TryGetValue(point, out int[]? parts) || (compatible && _compatible.TryGetValue(point, out parts)) ? parts : null;

    /// <summary>The character that two make together; null for none.</summary>
    public int? Whole(int first, int second) => _wholes.TryGetValue((first, second), out int whole) ? whole : null;

    /// <summary>The canonical combining class; 0 for what is no mark.</summary>
    public int CombiningClass(int point) => _classes.GetValueOrDefault(point);

    private static NormalFormTable Read()
    {
        var table = new NormalFormTable();
        using Stream stream = typeof(NormalFormTable).Assembly.GetManifestResourceStream("normal-forms.txt")!;
        using var reader = new StreamReader(stream);
        reader.ReadLine();   // the version
        while (reader.ReadLine() is { } line)
        {
            table.Add(line);
        }

        return table;
    }

    private void Add(string line)
    {
        int at = line.AsSpan().IndexOfAny("=:~#");
        if (line[at] == '#')
        {
            byte value = byte.Parse(line.AsSpan(at + 1), CultureInfo.InvariantCulture);
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            for (int point = Point(line.AsSpan(0, dash)); point <= Point(line.AsSpan(dash + 1, at - dash - 1)); point++)
            {
                _classes.Add(point, value);
            }

            return;
        }

        int[] parts = Array.ConvertAll(line[(at + 1)..].Split(' '), part => Point(part));
        int whole = Point(line.AsSpan(0, at));
        (line[at] == '~' ? _compatible : _canonical).Add(whole, parts);
        if (line[at] == '=')
        {
            _wholes.Add((parts[0], parts[1]), whole);
            _seconds.Add(parts[1]);
        }
    }

    private static int Point(ReadOnlySpan<char> hexadecimal) =>
        int.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

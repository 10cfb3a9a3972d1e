using System.Text;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// How the lines of a file are cut: at which character, whether with quotation marks, and into how many fields most of them.
/// </summary>
/// <param name="Delimiter">The character.</param>
/// <param name="Quoted">Whether a field may stand in quotation marks.</param>
/// <param name="ColumnCount">The number of fields that most lines have, at least two; 0 where none have.</param>
/// <param name="Agreement">The share of lines that have that number.</param>
internal readonly record struct DelimitedCut(byte Delimiter, bool Quoted, int ColumnCount, double Agreement);

/// <summary>Finds the delimiter of a file by the agreement of its first lines.</summary>
/// <param name="sample">The first lines.</param>
/// <param name="format">What is known of the file.</param>
internal sealed class DelimiterSearch(DelimitedSample sample, DelimitedFormat format)
{
    private const double Most = 0.5;

    // Comments are reported as faults later; they tell nothing of the delimiter.
    private readonly byte[][] _lines = sample.Lines.All(line => line[0] == '#') ? [.. sample.Lines]
        : [.. sample.Lines.Where(line => line[0] != '#')];

    /// <summary>Finds how lines are cut.</summary>
    /// <exception cref="GraphFormatException">Nothing cuts them, or two characters do equally well.</exception>
    public DelimitedCut Find()
    {
        if (format.Delimiter is { } given)
        {
            return Cut((byte)given);
        }

        // Names hold commas, semicolons and bars, hardly ever tabs: where most lines have one, nothing else is asked.
        DelimitedCut tabs = Cut((byte)'\t');
        if (tabs.ColumnCount > 0 && _lines.Count(line => line.AsSpan().Contains((byte)'\t')) >= Most * _lines.Length)
        {
            return tabs;
        }

        DelimitedCut[] cuts = [.. ",;|"u8.ToArray().Select(Cut).Where(cut => cut.ColumnCount >= 3).OrderByDescending(cut => cut.Agreement)];
        if (cuts.Length > 0 && cuts[0].Agreement >= Most)
        {
            return Best(cuts);
        }

        // Blanks stand in most names, so they come last; then what cuts the few lines that are cut at all.
        DelimitedCut[] others = [Cut((byte)' '), tabs, .. cuts];
        DelimitedCut found = others.Where(cut => cut.ColumnCount >= 3).OrderByDescending(cut => cut.Agreement >= Most)
            .ThenBy(cut => cut.Delimiter).FirstOrDefault();
        return found.ColumnCount > 0 ? found : throw sample.Error(
            $"no delimiter cuts '{Utf8LineReader.Show(sample.Lines[0])}' into {Expected} fields; set "
            + $"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Delimiter)} and "
            + $"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Columns)}.",
            firstLine: true,
            Utf8LineReader.Show(sample.Lines[0]));
    }

    /// <summary>What a delimiter is called in messages.</summary>
    public static string Name(byte delimiter) => delimiter switch
    {
        (byte)'\t' => "tabs",
        (byte)',' => "commas",
        (byte)';' => "semicolons",
        (byte)'|' => "bars",
        (byte)' ' => "blanks",
        _ => $"'{(char)delimiter}'",
    };

    private int Expected => format.Columns?.Length ?? 3;

    private DelimitedCut Best(DelimitedCut[] cuts)
    {
        DelimitedCut[] equals = [.. cuts.Where(cut => cut.Agreement == cuts[0].Agreement)];
        DelimitedCut[] right = [.. equals.Where(cut => cut.ColumnCount == Expected)];
        return equals.Length == 1 ? equals[0]
            : right.Length == 1 ? right[0]
            : right.Length == 0 ? equals[0]
            : throw sample.Error(
                $"both {Name(right[0].Delimiter)} and {Name(right[1].Delimiter)} cut the lines into {Expected} fields; "
                + $"say which with {nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Delimiter)}.",
                firstLine: false);
    }

    private DelimitedCut Cut(byte delimiter)
    {
        bool quoted = format.Quoted ?? (delimiter is (byte)',' or (byte)';' || IsAllQuoted(delimiter));
        var fields = new DelimitedFields(delimiter, quoted, format.TrimWhitespace);
        int[] counts = [.. _lines.Select(line => fields.TrySplit(line) ? fields.Count : 0)];

        // Of numbers that are equally frequent the one that is met first; columns that are given decide alone.
        IGrouping<int, int>? most = counts.Where(count => format.Columns is null ? count > 1 : count == format.Columns.Length)
            .GroupBy(count => count).OrderByDescending(group => group.Count()).FirstOrDefault();
        most ??= counts.Where(count => count > 1).GroupBy(count => count).OrderByDescending(group => group.Count()).FirstOrDefault();
        return most is null
            ? new DelimitedCut(delimiter, quoted, 0, 0)
            : new DelimitedCut(delimiter, quoted, most.Key, (double)most.Count() / counts.Length);
    }

    /// <summary>Whether every field stands in quotation marks, numbers aside, as R and APOC write them.</summary>
    private bool IsAllQuoted(byte delimiter)
    {
        var fields = new DelimitedFields(delimiter, quoted: true, format.TrimWhitespace);
        return _lines.All(line => line[0] == '"' && fields.TrySplit(line) && AllQuoted(fields, line));
    }

    private static bool AllQuoted(DelimitedFields fields, byte[] line)
    {
        for (int field = 0; field < fields.Count; field++)
        {
            Range range = fields[field];
            bool isQuoted = range.Start.Value > 0 && line[range.Start.Value - 1] == '"' && range.End.Value < line.Length
                && line[range.End.Value] == '"';
            if (!isQuoted && !double.TryParse(Encoding.UTF8.GetString(line[range]), out _))
            {
                return false;
            }
        }

        return fields.Count > 1;
    }
}

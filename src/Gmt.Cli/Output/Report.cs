using System.Globalization;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>What a command found out: facts and tables, for people and for programs.</summary>
/// <param name="Title">What it is about.</param>
internal sealed record Report(string Title)
{
    /// <summary>Named values: text, numbers, truth values, <see cref="ByteSize"/>, <see cref="IReportParts"/> or lists of these.</summary>
    public List<(string Name, object? Value)> Facts { get; } = [];

    /// <summary>What the title says to people, as values for programs.</summary>
    public List<(string Name, object? Value)> Subject { get; } = [];

    /// <summary>Tables.</summary>
    public List<ReportTable> Tables { get; } = [];

    /// <summary>Adds a fact, unless there is none.</summary>
    public Report With(string name, object? value)
    {
        if (value is not null)
        {
            Facts.Add((name, value));
        }

        return this;
    }

    /// <summary>Says for programs what the title is about.</summary>
    public Report About(string name, object? value)
    {
        Subject.Add((name, value));
        return this;
    }

    /// <summary>Adds a table, unless it is empty.</summary>
    public Report With(ReportTable table)
    {
        if (table.Rows.Count > 0)
        {
            Tables.Add(table);
        }

        return this;
    }
}

/// <summary>A table.</summary>
/// <param name="Title">What the rows are.</param>
/// <param name="Columns">What the columns are.</param>
/// <param name="Rows">Values as in <see cref="Report.Facts"/>, one a column.</param>
internal sealed record ReportTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

/// <summary>A value that people read as one text, and programs by its parts, which stand beside the text.</summary>
internal interface IReportParts
{
    /// <summary>The parts by name; values as in <see cref="Report.Facts"/>.</summary>
    public IReadOnlyList<(string Name, object? Value)> Parts { get; }
}

/// <summary>A number of bytes, which people read in larger units.</summary>
internal readonly record struct ByteSize(long Bytes)
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <inheritdoc/>
    public override string ToString()
    {
        double value = Bytes;
        int unit = 0;
        while (value >= 1000 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return unit == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Bytes} B")
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {Units[unit]}");
    }
}

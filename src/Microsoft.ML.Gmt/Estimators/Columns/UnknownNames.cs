using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Counts the rows whose names the graph lacks, over all cursors of a transform, and warns of the first.</summary>
internal sealed class UnknownNames(IHost host)
{
    private long _unknown;
    private long _known;

    /// <summary>How many such rows there were.</summary>
    public long Count => Interlocked.Read(ref _unknown);

    public void AddKnown() => Interlocked.Increment(ref _known);

    public void Add(NameColumn column, Func<ReadOnlyMemory<char>> name)
    {
        if (Interlocked.Increment(ref _unknown) > 1)
        {
            return;
        }

        string kind = column.Role == "relation" ? "relation" : "entity";
        using IChannel channel = host.Start("Names");
        channel.Warning(
            MessageSensitivity.UserData,
            $"The graph has no {kind} '{name()}' ({column.Role} column '{column.Column.Name}'). Rows with unknown names get empty evidence and score 0; this is said once for a transform.");
    }

    /// <summary>Says how many there were; called when a cursor is closed.</summary>
    public void Report()
    {
        if (Count > 0)
        {
            using IChannel channel = host.Start("Names");
            channel.Info(MessageSensitivity.None, string.Create(
                CultureInfo.InvariantCulture, $"{Count:n0} of {Count + Interlocked.Read(ref _known):n0} rows read so far have names that the graph lacks."));
        }
    }
}

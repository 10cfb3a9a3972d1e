using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>What is done about names in rows that the graph lacks, or spells otherwise, in all cursors of a transform.</summary>
/// <param name="host">Whose log is told.</param>
/// <param name="handling">Whether such rows are errors.</param>
/// <param name="consequence">What becomes of them else, as a clause: <c>they are left out</c>.</param>
internal sealed class UnknownNames(IHost host, UnknownNameHandling handling, string consequence)
{
    /// <summary>What becomes of such rows in training.</summary>
    public const string LeftOut = "they are left out";

    private int _unknownSaid;
    private int _nearSaid;

    /// <exception cref="ArgumentOutOfRangeException">There is no such handling.</exception>
    public static void Check(UnknownNameHandling handling, [CallerArgumentExpression(nameof(handling))] string name = "")
    {
        if (!Enum.IsDefined(handling))
        {
            throw new ArgumentOutOfRangeException(
                name, handling, $"It is {UnknownNameHandling.Missing} or {UnknownNameHandling.Error}.");
        }
    }

    /// <summary>A count for the rows of one cursor.</summary>
    public NameCount NewCount() => new(this);

    /// <summary>What becomes of rows that a transformer scores.</summary>
    /// <param name="known">The name of the column that says so.</param>
    public static string NotScored(string known) => $"their {known} is false, their score and probability are NaN, which metrics pass over";

    /// <summary>Says the first one, or throws at it.</summary>
    /// <param name="lookUp">Looks one of the row's names up once more.</param>
    /// <param name="at">Which one.</param>
    /// <param name="column">Where it stands.</param>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="UnknownNameException">It is an error.</exception>
    public void Unknown(Func<int, NameMatch> lookUp, int at, NameColumn column, long row)
    {
        if (handling == UnknownNameHandling.Error)
        {
            NameMatch match = lookUp(at);
            throw new UnknownNameException(Said(match, column, row), match);
        }

        if (Interlocked.Exchange(ref _unknownSaid, 1) == 0)
        {
            Warn($"{Said(lookUp(at), column, row)} Of rows with unknown names, {consequence}; all are counted, this one alone is named.");
        }
    }

    /// <summary>Says the first name that was found in other letters than its own.</summary>
    /// <inheritdoc cref="Unknown"/>
    public void Near(Func<int, NameMatch> lookUp, int at, NameColumn column, long row)
    {
        if (Interlocked.Exchange(ref _nearSaid, 1) == 0)
        {
            Warn($"{Said(lookUp(at), column, row)} All such rows are counted, this one alone is named.");
        }
    }

    /// <summary>Says how many there were.</summary>
    public void Report(long rows, long unknown, long near)
    {
        if (unknown > 0)
        {
            Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"{unknown:n0} of {rows:n0} rows have names that the graph lacks: {consequence}."));
        }

        if (near > 0)
        {
            Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"{near:n0} of {rows:n0} rows have names that were found only in another normal form or case, or but for blanks."));
        }
    }

    private static string Said(NameMatch match, NameColumn column, long row) =>
        $"Row {row} ({column.Role} column '{column.Column.Name}'): {match}{($"{match}".EndsWith('?') ? "" : ".")}";

    private void Warn(string text)
    {
        using IChannel channel = host.Start("Names");
        channel.Warning(MessageSensitivity.UserData, text);
    }
}

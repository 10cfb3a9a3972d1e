using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt;

/// <summary>Counts the rows of one cursor by whether the graph knows their names. Used by one thread at a time.</summary>
internal sealed class NameCount(UnknownNames names)
{
    private long _rows;
    private long _unknown;
    private long _near;

    /// <summary>Counts a row.</summary>
    /// <param name="row">Its place in the data, from 0.</param>
    /// <param name="hits">What its names were found to mean.</param>
    /// <param name="columns">Where they stand.</param>
    /// <param name="lookUp">Looks the name of a column up once more, to be told about.</param>
    /// <returns>Whether all are known.</returns>
    /// <exception cref="UnknownNameException">One is not, and that is an error.</exception>
    public bool Add(long row, ReadOnlySpan<NameHit> hits, NameColumn[] columns, Func<int, NameMatch> lookUp)
    {
        _rows++;
        int lacking = FirstOf(hits, hit => hit.Id < 0), near = FirstOf(hits, hit => hit.IsNear);
        if (lacking >= 0)
        {
            _unknown++;
            names.Unknown(lookUp, lacking, columns[lacking], row);
            return false;
        }

        if (near >= 0)
        {
            _near++;
            names.Near(lookUp, near, columns[near], row);
        }

        return true;
    }

    /// <summary>Says how many there were; called when a cursor is closed.</summary>
    public void Report()
    {
        names.Report(_rows, _unknown, _near);
        (_rows, _unknown, _near) = (0, 0, 0);
    }

    private static int FirstOf(ReadOnlySpan<NameHit> hits, Func<NameHit, bool> isSought)
    {
        for (int i = 0; i < hits.Length; i++)
        {
            if (isSought(hits[i]))
            {
                return i;
            }
        }

        return -1;
    }
}

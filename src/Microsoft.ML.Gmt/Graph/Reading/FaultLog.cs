namespace Microsoft.ML.Gmt.Graph;

/// <summary>What readers do with a fault in a file: stop at the first one, or note it and go on with the next line.</summary>
/// <param name="notes">Whether faults are noted; else the first one is thrown.</param>
internal sealed class FaultLog(bool notes)
{
    private const int MostKept = 1000;

    private readonly List<GraphFormatException> _faults = [];

    /// <summary>For reading that must be right.</summary>
    public static FaultLog Throwing { get; } = new(notes: false);

    /// <summary>Whether faults are noted.</summary>
    public bool Notes => notes;

    /// <summary>The first thousand faults, in the order in which they were met.</summary>
    public IReadOnlyList<GraphFormatException> Faults => _faults;

    /// <summary>How many faults there are.</summary>
    public long Count { get; private set; }

    /// <summary>Notes a fault, or throws it.</summary>
    public void Report(GraphFormatException fault)
    {
        if (!notes)
        {
            throw fault;
        }

        Count++;
        if (_faults.Count < MostKept)
        {
            _faults.Add(fault);
        }
    }
}

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// What readers do with a fault in a file: stop at the first one, or note it and go on with the next line; and what they had to guess.
/// </summary>
/// <param name="notes">Whether faults are noted; else the first one is thrown.</param>
internal sealed class FaultLog(bool notes)
{
    private const int MostKept = 1000;

    private readonly List<GraphFormatException> _faults = [];
    private readonly List<GraphDoubt> _doubts = [];

    /// <summary>Whether faults are noted.</summary>
    public bool Notes => notes;

    /// <summary>The first thousand faults, in the order in which they were met.</summary>
    public IReadOnlyList<GraphFormatException> Faults => _faults;

    /// <summary>How many faults there are.</summary>
    public long Count { get; private set; }

    /// <summary>What was guessed or left out, in the order in which it was met.</summary>
    public IReadOnlyList<GraphDoubt> Doubts => _doubts;

    /// <summary>Whether neither a header nor an option said which column is which in some file.</summary>
    public bool IsOrderGuessed { get; set; }

    /// <summary>Whether the first line of some file was taken for a triple because nothing said otherwise.</summary>
    public bool IsHeaderGuessed { get; set; }

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

    /// <summary>Notes what was guessed or left out.</summary>
    public void Doubt(GraphDoubt doubt) => _doubts.Add(doubt);

    /// <summary>What was guessed or left out; where columns or a header were, also what makes that doubtful.</summary>
    /// <param name="graph">What was read.</param>
    public IReadOnlyList<GraphDoubt> Guesses(KnowledgeGraph graph)
    {
        IEnumerable<GraphDoubt?> order = IsOrderGuessed ? ColumnDoubts.OfOrder(graph, wasGuessed: true) : [];
        IEnumerable<GraphDoubt?> header = IsHeaderGuessed ? [ColumnDoubts.OfHeader(graph, wasGuessed: true)] : [];
        return [.. _doubts.Concat(order).Concat(header).OfType<GraphDoubt>().Where(doubt => doubt.IsGuess)];
    }
}

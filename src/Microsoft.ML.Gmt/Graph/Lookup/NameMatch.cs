using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>What a graph makes of a name that somebody wrote: the entity or relation that is meant, or why none is.</summary>
/// <seealso cref="KnowledgeGraph.FindEntity"/>
/// <seealso cref="KnowledgeGraph.FindRelation"/>
public sealed class NameMatch
{
    private const int MostNamed = 5;

    private readonly NameIndex _index;
    private readonly Lazy<IReadOnlyList<string>> _suggestions;

    internal NameMatch(NameIndex index, string written)
    {
        (_index, Written) = (index, written);
        (Id, Kind) = index.Find(written, out int[] several);
        Candidates = Array.ConvertAll(several, id => index.Names[id]);
        _suggestions = new(() => Kind == NameMatchKind.None ? index.Near(written) : []);
    }

    /// <summary>The name that was looked up.</summary>
    public string Written { get; }

    /// <summary>By what it was found.</summary>
    public NameMatchKind Kind { get; }

    /// <summary>Whether exactly one is meant.</summary>
    public bool IsFound => Id >= 0;

    /// <summary>Whether it was found in other letters than its own.</summary>
    internal bool IsNear => new NameHit(Id, Kind).IsNear;

    /// <summary>The id of what is meant; −1 where nothing is found.</summary>
    public int Id { get; }

    /// <summary>The graph's own names of those that may be meant where several may; else none.</summary>
    public IReadOnlyList<string> Candidates { get; }

    /// <summary>
    /// Up to three names or labels that are spelled nearly so, the nearest first, where nothing is found. They are looked for on first use,
    /// among the first million names at most.
    /// </summary>
    public IReadOnlyList<string> Suggestions => _suggestions.Value;

    /// <summary>What was found or not found, as a clause that people read.</summary>
    public override string ToString() => Kind switch
    {
        NameMatchKind.None => $"the graph has no {_index.Kind} '{Shown}'{NearTexts.Question(Suggestions)}",
        NameMatchKind.Ambiguous =>
            $"'{Shown}' may be {string.Join(", ", Told.Take(MostNamed))}{(Candidates.Count > MostNamed ? " …" : "")}; "
            + $"name the {_index.Kind} by one of these",
        NameMatchKind.NormalForm =>
            $"'{Shown}' is taken for the {_index.Kind} {Own}; blanks, invisible characters or Unicode's normal form differ",
        NameMatchKind.IgnoringCase => $"'{Shown}' is taken for the {_index.Kind} {Own}; case, and perhaps blanks, differ",
        _ => $"'{Shown}' is the {_index.Kind} {Own}",
    };

    /// <summary>The candidates; spelled out where some of them look alike.</summary>
    private IEnumerable<string> Told =>
        Candidates.DistinctBy(NameForm.Canonical).Count() == Candidates.Count ? Candidates : Candidates.Select(NameForm.Spelled);

    private string Own => $"'{_index.Names[Id]}'";

    private string Shown => GmtFileException.Shorten(Written);
}

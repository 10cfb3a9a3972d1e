using System.Numerics;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Looks names and labels up: letter by letter, then in forms that look alike. It keeps 12 to 16 bytes a name, not the forms, which
/// are computed again where hashes meet.
/// </summary>
internal sealed class NameIndex
{
    private readonly Vocabulary _names;
    private readonly NameTexts _labels;

    // An entry is a name (2 id) or a label (2 id + 1); in both arrays, one more than it, 0 for none.
    private readonly Lazy<(int[] Buckets, int[] Next)> _chains;

    public NameIndex(string kind, Vocabulary names, NameTexts labels)
    {
        (Kind, _names, _labels) = (kind, names, labels);
        _chains = new(Chain);
    }

    /// <summary>What the names are of: <c>entity</c> or <c>relation</c>.</summary>
    public string Kind { get; }

    /// <summary>The names by id.</summary>
    public Vocabulary Names => _names;

    /// <summary>Finds a name without saying which others it may mean.</summary>
    public NameHit Find(ReadOnlySpan<char> name) =>
        _names.TryGetId(name, out int id) ? new NameHit(id, NameMatchKind.Name) : Find(name.ToString(), out _);

    /// <summary>Finds a name.</summary>
    /// <param name="name">The name as somebody wrote it.</param>
    /// <param name="several">The ids that it may mean where it is ambiguous, ascending; else none.</param>
    public NameHit Find(string name, out int[] several)
    {
        several = [];
        if (_names.TryGetId(name, out int exact))
        {
            return new NameHit(exact, NameMatchKind.Name);
        }

        int[] alike = Alike(name);
        if (alike.Length == 0)
        {
            return NameHit.None;
        }

        foreach ((NameMatchKind kind, Func<int, bool> isMatch) in Steps(name))
        {
            int[] found = [.. alike.Where(isMatch).Select(entry => entry / 2).Distinct().Order()];
            if (found.Length > 0)
            {
                several = found.Length > 1 ? found : [];
                return found.Length > 1 ? new NameHit(-1, NameMatchKind.Ambiguous) : new NameHit(found[0], kind);
            }
        }

        return NameHit.None;
    }

    /// <summary>How people tell an id from all others: its label, with its name behind it where others go by that label too.</summary>
    public string Shown(int id) => _labels[id] switch
    {
        null => _names[id],
        { } label => Alike(label).Any(entry => entry / 2 != id && Text(entry) == label) ? $"{label} ({_names[id]})" : label,
    };

    /// <summary>Names and labels that are near; see <see cref="NearTexts"/>.</summary>
    public string[] Near(string name) =>
        NearTexts.To(name, Entries().Select(Text));

    private IEnumerable<(NameMatchKind Kind, Func<int, bool> IsMatch)> Steps(string name)
    {
        yield return (NameMatchKind.Label, entry => entry % 2 == 1 && Text(entry) == name);
        string form = NameForm.Canonical(name);
        yield return (NameMatchKind.NormalForm, entry => NameForm.Canonical(Text(entry)) == form);
        string compatible = NameForm.Compatible(name);
        yield return (NameMatchKind.NormalForm, entry => NameForm.Compatible(Text(entry)) == compatible);
        yield return (NameMatchKind.IgnoringCase, _ => true);
    }

    private IEnumerable<int> Entries() =>
        Enumerable.Range(0, 2 * _names.Count).Where(entry => entry % 2 == 0 || _labels[entry / 2] is not null);

    private string Text(int entry) => entry % 2 == 0 ? _names[entry / 2] : _labels[entry / 2]!;

    /// <summary>The entries that are equal in the widest form; none for a name of blanks.</summary>
    private int[] Alike(string name)
    {
        string form = NameForm.Capital(name);
        if (form.Length == 0)
        {
            return [];
        }

        (int[] buckets, int[] next) = _chains.Value;
        List<int> found = [];
        for (int entry = buckets[Bucket(form, buckets.Length)] - 1; entry >= 0; entry = next[entry] - 1)
        {
            if (NameForm.Capital(Text(entry)) == form)
            {
                found.Add(entry);
            }
        }

        return [.. found];
    }

    private (int[] Buckets, int[] Next) Chain()
    {
        int[] buckets = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(_names.Count, 1, 1 << 30))];
        int[] next = new int[2L * Math.Max(_names.Count, _labels.Length)];
        foreach (int entry in Entries())
        {
            ref int bucket = ref buckets[Bucket(NameForm.Capital(Text(entry)), buckets.Length)];
            (next[entry], bucket) = (bucket, entry + 1);
        }

        return (buckets, next);
    }

    // The hash differs by process, so nobody can write a graph whose names all meet.
    private static int Bucket(string form, int buckets) => string.GetHashCode(form) & (buckets - 1);
}

/// <summary>An id that a name was found to mean.</summary>
/// <param name="Id">The id; −1 for none.</param>
/// <param name="Kind">By what.</param>
internal readonly record struct NameHit(int Id, NameMatchKind Kind)
{
    public static NameHit None { get; } = new(-1, NameMatchKind.None);

    /// <summary>Whether it was found in other letters than its own.</summary>
    public bool IsNear => Kind is NameMatchKind.NormalForm or NameMatchKind.IgnoringCase;
}

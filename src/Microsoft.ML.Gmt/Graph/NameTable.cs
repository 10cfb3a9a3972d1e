using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Names with ids in the order of arrival, and what is known about them.</summary>
internal sealed class NameTable
{
    private readonly string _kind;
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsOfSpans;
    private readonly Dictionary<int, string> _texts = [];
    private readonly Dictionary<int, string> _definitions = [];

    public NameTable(string kind, IEnumerable<string> names)
    {
        _kind = kind;
        _ids = new Dictionary<string, int>(StringComparer.Ordinal);
        _idsOfSpans = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string name in names)
        {
            int count = Count;
            if (Add(name) != count)
            {
                throw new ArgumentException($"The {kind} '{name}' is named twice; names must be distinct.", nameof(names));
            }
        }
    }

    public int Count => _names.Count;

    public int Add(string name, string? text = null, string? definition = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, name, out bool known);
        if (!known)
        {
            id = _names.Count;
            _names.Add(name);
        }

        Describe(_texts, id, text);
        Describe(_definitions, id, definition);
        return id;
    }

    public int Add(ReadOnlySpan<char> name) => _idsOfSpans.TryGetValue(name, out int id) ? id : Add(name.ToString());

    public Vocabulary ToVocabulary() => new(_names);

    public NameTexts Texts() => ById(_texts);

    public NameTexts Definitions() => ById(_definitions);

    private void Describe(Dictionary<int, string> texts, int id, string? text)
    {
        if (text is not null && !texts.TryAdd(id, text) && texts[id] != text)
        {
            throw new ArgumentException(
                $"The {_kind} '{_names[id]}' is called both '{texts[id]}' and '{text}'; say one of them.", nameof(text));
        }
    }

    private NameTexts ById(Dictionary<int, string> texts)
    {
        if (texts.Count == 0)
        {
            return NameTexts.None;
        }

        string?[] byId = new string?[Count];
        foreach ((int id, string text) in texts)
        {
            byId[id] = text;
        }

        return new NameTexts(byId);
    }
}

using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Doubts about names: those that look alike, hold what nobody meant to write, or share a label.</summary>
internal static class NameDoubts
{
    private const string QuotationMarks = "\"'“”„«»‘’`";

    public static IEnumerable<GraphDoubt?> Of(KnowledgeGraph graph) =>
    [
        .. Of("entities", graph.Entities.Names, graph.EntityText),
        .. Of("relations", graph.Relations.Names, graph.RelationText),
    ];

    private static IEnumerable<GraphDoubt?> Of(string kind, IReadOnlyList<string> names, Func<int, string> text)
    {
        (string Name, string Key)[] all = [.. names.Select(name => (name, Key(name)))];

        // Few names are not their own key, and names that are can look like those alone.
        HashSet<string> keys = [.. all.Where(one => one.Key != one.Name).Select(one => one.Key)];
        IEnumerable<(string Name, string Key)> alike = all.Where(one => keys.Contains(one.Key)).OrderBy(one => one.Key != one.Name);
        yield return GraphDoubt.Of(
            $"{kind} whose names look alike (normal form, invisible characters, blanks)",
            [.. Groups(alike.Distinct(), one => one.Key).Select(group =>
                string.Join(" = ", group.Take(GraphDoubt.MostExamples).Select(one => Show(one.Name))))]);
        yield return GraphDoubt.Of(
            $"{kind} whose names differ in case alone",
            [.. Groups(all.Select(one => one.Key).Distinct(), key => key.ToUpperInvariant()).Select(group =>
                string.Join(" = ", group.Select(Show)))]);
        yield return GraphDoubt.Of($"{kind} with white space around the name", Where(names, name => name.Trim().Length < name.Length));
        yield return GraphDoubt.Of($"{kind} with quotation marks around the name", Where(names, IsQuoted));
        yield return GraphDoubt.Of($"{kind} with control or broken characters in the name", Where(names, name => name.Any(IsUnmeant)));
        yield return GraphDoubt.Of(
            $"{kind} that share a label",
            [.. Groups(Enumerable.Range(0, names.Count), text)
                .Select(group => $"{group.Key}: {string.Join(", ", group.Take(GraphDoubt.MostExamples).Select(id => names[id]))}")]);
    }

    private static IEnumerable<IGrouping<string, T>> Groups<T>(IEnumerable<T> all, Func<T, string> key) =>
        all.GroupBy(key, StringComparer.Ordinal).Where(group => group.Skip(1).Any());

    private static string[] Where(IReadOnlyList<string> names, Func<string, bool> isDoubtful) =>
        [.. names.Where(isDoubtful).Select(name => $"[{Show(name)}]")];

    private static string Show(string name) => Utf8LineReader.Visible(name);

    /// <summary>A name as the eye sees it: one normal form, no invisible characters, single blanks.</summary>
    private static string Key(string name)
    {
        if (!name.AsSpan().ContainsAnyExceptInRange(' ', '~') && name.Trim().Length == name.Length
            && !name.Contains("  ", StringComparison.Ordinal))
        {
            return name;
        }

        var key = new StringBuilder(name.Length);
        foreach (char letter in NormalForm.Of(name, NormalizationForm.FormKC).Where(letter => !Invisible.Is(letter) && !IsBroken(letter)))
        {
            bool isBlank = char.IsWhiteSpace(letter);
            if (!isBlank || (key.Length > 0 && key[^1] != ' '))
            {
                key.Append(isBlank ? ' ' : letter);
            }
        }

        return key.ToString().TrimEnd(' ');
    }

    /// <summary>A byte order mark belongs to the start of a file, and controls such as U+0085 to its lines.</summary>
    private static bool IsUnmeant(char letter) => char.IsControl(letter) || letter is '\uFFFD' or '\uFEFF' or '\u2028' or '\u2029';

    private static bool IsBroken(char letter) => (char.IsControl(letter) && !char.IsWhiteSpace(letter)) || letter == '\uFFFD';

    private static bool IsQuoted(string name) => name.Length > 1 && QuotationMarks.Contains(name[0]) && QuotationMarks.Contains(name[^1]);
}

using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Reads the labels of statements: case and blanks aside, a label says true, says false, or is refused.</summary>
internal sealed class TruthLabels
{
    private const int MostNamed = 5;

    private static readonly string[] TrueWords = ["True", "Yes", "1"], FalseWords = ["False", "No", "0"];

    private readonly bool _isGiven;
    private readonly HashSet<string> _true;
    private readonly HashSet<string> _false;

    /// <param name="trueLabels">What says true; none for the usual words, unless there are words for false.</param>
    /// <param name="falseLabels">What says false; likewise.</param>
    /// <exception cref="UsageError">A label is among both.</exception>
    public TruthLabels(IReadOnlyCollection<string> trueLabels, IReadOnlyCollection<string> falseLabels)
    {
        _isGiven = trueLabels.Count + falseLabels.Count > 0;
        (_true, _false) = _isGiven ? (Forms(trueLabels), Forms(falseLabels)) : (Forms(TrueWords), Forms(FalseWords));
        if (_true.FirstOrDefault(_false.Contains) is { } both)
        {
            throw new UsageError($"'{both}' is both a --true_label and a --false_label");
        }
    }

    private bool IsOneSided => _true.Count == 0 || _false.Count == 0;

    /// <summary>Whether a text is a label; where only one side was named, any text may be the other.</summary>
    public bool IsLabel(string text) => Form(text) is var form
        && (_true.Contains(form) || _false.Contains(form) || (form.Length > 0 && IsOneSided));

    /// <summary>What the labels of all rows say.</summary>
    /// <param name="source">Where the rows come from, for messages.</param>
    /// <param name="labels">The rows' labels.</param>
    /// <exception cref="CommandFailure">Some say neither; the message counts them and names some.</exception>
    public bool[] Read(string source, IReadOnlyList<string> labels)
    {
        string[] forms = [.. labels.Select(Form)];
        string[] others = [.. forms.Where(form => !_true.Contains(form) && !_false.Contains(form)).Distinct()];
        if (others.Length > 0 && !(IsOneSided && others is [{ Length: > 0 }]))
        {
            throw new CommandFailure(Refusal(source, labels, forms, [.. others]));
        }

        // The one label that is left says what the named ones do not.
        return Array.ConvertAll(forms, form => _true.Count == 0 ? !_false.Contains(form) : _true.Contains(form));
    }

    private string Refusal(string source, IReadOnlyList<string> labels, string[] forms, HashSet<string> others)
    {
        int[] rows = [.. Enumerable.Range(0, forms.Length).Where(row => others.Contains(forms[row]))];
        int[] firsts = [.. rows.DistinctBy(row => forms[row])];
        string examples = string.Join(
            ", ", firsts.Take(MostNamed).Select(row => $"'{GmtFileException.Shorten(labels[row])}' (row {row + 1})"));
        string expected = _isGiven
            ? $"--true_label and --false_label say {Words(_true)} and {Words(_false)}; name what the others say too"
            : "labels are True or False, Yes or No, 1 or 0, in any case; name others by --true_label and --false_label";
        return $"{source}: {rows.Length:N0} of {forms.Length:N0} rows are labeled neither true nor false: "
            + $"{examples}{(firsts.Length > MostNamed ? ", …" : "")}. {expected}, or ask for --task link_prediction";
    }

    private static string Words(HashSet<string> forms) =>
        forms.Count == 0 ? "nothing" : string.Join(", ", forms.Select(form => $"'{form}'"));

    private static HashSet<string> Forms(IEnumerable<string> labels) => [.. labels.Select(Form)];

    private static string Form(string label) =>
        string.Join(' ', label.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();
}

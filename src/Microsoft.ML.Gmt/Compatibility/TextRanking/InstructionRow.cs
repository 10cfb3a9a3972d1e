using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>How inference judges a row.</summary>
internal enum TextTask
{
    /// <summary>True or false.</summary>
    Classification,

    /// <summary>A ranked list of candidates.</summary>
    LinkPrediction,
}

/// <summary>
/// What an instruction row, a JSON object, says of its candidates, its true answers and its task; by the reference's rules.
/// </summary>
internal static partial class InstructionRow
{
    private static readonly string[] CandidateKeys = ["candidates", "candidate_entities", "candidate_list"];
    private static readonly string[] GoldKeys = ["answers", "answer", "label"];

    /// <summary>
    /// The first list among <c>candidates</c>, <c>candidate_entities</c>, <c>candidate_list</c>; else the first braces in <c>input</c>,
    /// split on commas.
    /// </summary>
    /// <exception cref="GmtFileException"><c>input</c> is needed and is not a text.</exception>
    public static IReadOnlyList<string> Candidates(JsonElement row)
    {
        foreach (string key in CandidateKeys)
        {
            if (row.TryGetProperty(key, out JsonElement list) && list.ValueKind == JsonValueKind.Array)
            {
                return [.. list.EnumerateArray().Select(PythonText.Str)];
            }
        }

        Match braces = Braces().Match(Input(row));
        return !braces.Success ? [] :
            [.. braces.Groups[1].Value.Split(',').Select(item => PythonText.Strip(item).ToString()).Where(item => item.Length > 0)];
    }

    /// <summary>
    /// The true answers: <c>answers</c>, <c>answer</c> or <c>label</c> (a list, or one answer), else <c>output</c> (a list, a JSON list in
    /// text, or a text split on line ends, semicolons and commas).
    /// </summary>
    public static IReadOnlyList<string> Golds(JsonElement row)
    {
        foreach (string key in GoldKeys)
        {
            if (row.TryGetProperty(key, out JsonElement value))
            {
                return value.ValueKind == JsonValueKind.Array
                    ? [.. value.EnumerateArray().Select(PythonText.Str)]
                    : [PythonText.Str(value)];
            }
        }

        if (!row.TryGetProperty("output", out JsonElement output))
        {
            return [];
        }

        string text = PythonText.Str(output);
        return Items(output) ?? ItemsOfText(text) ?? [.. RankedText.Split(text).Where(item => item.Length > 0)];
    }

    /// <summary>
    /// Link prediction if <c>input</c> speaks of candidates; else classification if <c>output</c> holds true or false; else link
    /// prediction.
    /// </summary>
    public static TextTask DetectTask(JsonElement row)
    {
        if (PythonText.Lower(Input(row)).Contains("candidate", StringComparison.Ordinal))
        {
            return TextTask.LinkPrediction;
        }

        string output = row.TryGetProperty("output", out JsonElement value) ? PythonText.Lower(PythonText.Str(value)) : "";
        return output.Contains("true", StringComparison.Ordinal) || output.Contains("false", StringComparison.Ordinal)
            ? TextTask.Classification : TextTask.LinkPrediction;
    }

    /// <summary>Whether a response, or a row's <c>output</c>, says true: the word occurs in it in any case.</summary>
    public static bool SaysTrue(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PythonText.Lower(text).Contains("true", StringComparison.Ordinal);
    }

    private static IReadOnlyList<string>? Items(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(PythonText.Str)] : null;

    private static IReadOnlyList<string>? ItemsOfText(string text)
    {
        if (PythonText.Strip(text) is not ['[', .., ']'])
        {
            return null;
        }

        try
        {
            using JsonDocument parsed = JsonDocument.Parse(PythonText.Strip(text).ToString());
            return Items(parsed.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Input(JsonElement row) => !row.TryGetProperty("input", out JsonElement input) ? "" :
        input.ValueKind == JsonValueKind.String ? input.GetString()! :
        throw new GmtFileException($"The row's \"input\" is {input.GetRawText()}; it must be a text.");

    [GeneratedRegex(@"\{([^}]+)\}")]
    private static partial Regex Braces();
}

using System.Text.Json;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Says what JSON files hold: the settings of a configuration, or the rows of instruction data.</summary>
internal static class ConfigInspector
{
    private const int LargestGroup = 20;

    /// <summary>A configuration's settings.</summary>
    public static Report Settings(string path)
    {
        JsonPart root = JsonPart.Read(path);
        Report report = new($"{path}: JSON");
        if (!root.IsObject)
        {
            return report.With("kind", root.Element.ValueKind.ToString());
        }

        Add(report, "", root);
        return report;
    }

    /// <summary>Instruction data; null where the rows are something else.</summary>
    public static Report? Instructions(string path)
    {
        try
        {
            (long rows, long answered) = (0, 0);
            InstructionExample? first = null;
            foreach (InstructionExample example in InstructionFile.Read(path, outputRequired: false))
            {
                first ??= example;
                rows++;
                answered += example.Output.Length > 0 ? 1 : 0;
            }

            return first is null ? null : new Report($"{path}: instruction data")
                .With("rows", rows)
                .With("rows with an output", answered)
                .With("first instruction", first.Instruction)
                .With("first input", first.Input)
                .With("first output", first.Output)
                .With("first triple", new[] { first.Triple.Head, first.Triple.Relation, first.Triple.Tail });
        }
        catch (GmtFileException)
        {
            return null;
        }
    }

    /// <summary>Settings by name; those of a group that is no larger than settings are by its name and theirs.</summary>
    private static void Add(Report report, string group, JsonPart settings)
    {
        foreach ((string name, JsonPart setting) in settings.Properties())
        {
            JsonElement value = setting.Element;
            if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Count() is > 0 and <= LargestGroup)
            {
                Add(report, $"{group}{name} ", setting);
                continue;
            }

            report.With(group + name, value.ValueKind switch
            {
                JsonValueKind.String => setting.Text(),
                JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
                JsonValueKind.Number when value.TryGetInt64(out long number) => number,
                JsonValueKind.Number => value.GetDouble(),
                JsonValueKind.Object => $"{{{value.EnumerateObject().Count()} entries}}",
                JsonValueKind.Array => $"[{value.GetArrayLength()} items]",
                _ => "null",
            });
        }
    }
}

using System.Text.Json;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>The recorded runs of the Python scripts on 600 UMLS triples.</summary>
internal static class EndToEnd
{
    private const string Name = "end-to-end";

    /// <summary>The folder.</summary>
    public static string Folder => Goldens.Root($"reference/{Name}");

    /// <summary>What the recordings say of all runs.</summary>
    public static JsonElement Settings => Read("settings.json");

    /// <summary>A JSON file of the recordings.</summary>
    public static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file))).RootElement;

    /// <summary>A recorded command line for our command of the script's name; recorded paths are relative.</summary>
    public static string[] Command(JsonElement recorded)
    {
        string[] words = [.. recorded.EnumerateArray().Select(word => word.GetString()!)];
        return [Path.GetFileNameWithoutExtension(words[0]), .. words[1..].Select(Absolute)];
    }

    /// <summary>The arguments that a recorded configuration file stands for.</summary>
    public static List<string> Arguments(JsonElement config, params (string Name, string Value)[] others)
    {
        List<string> arguments = [];
        foreach (JsonProperty setting in config.EnumerateObject())
        {
            string? other = others.FirstOrDefault(pair => pair.Name == setting.Name).Value;
            arguments.AddRange((setting.Name, setting.Value.ValueKind) switch
            {
                ("train_on_inputs", _) => setting.Value.GetBoolean() ? [] : ["--no_train_on_inputs"],
                (_, JsonValueKind.True) => [$"--{setting.Name}"],
                (_, JsonValueKind.False) => [],
                _ => (string[])[$"--{setting.Name}", other ?? Absolute(setting.Value.ToString())],
            });
        }

        return arguments;
    }

    /// <summary>A text of ours as it would be with the recorded paths.</summary>
    public static string Relative(string text) => text.Replace(Path.GetDirectoryName(Folder)! + "/", "", StringComparison.Ordinal);

    private static string Absolute(string word) =>
        word.StartsWith(Name + "/", StringComparison.Ordinal) ? Path.Combine(Path.GetDirectoryName(Folder)!, word) : word;
}

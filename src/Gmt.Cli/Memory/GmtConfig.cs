using System.CommandLine;
using System.Text.Json;
using Microsoft.ML.Gmt.Cli.CommandLine;

namespace Microsoft.ML.Gmt.Cli.Memory;

/// <summary>What <c>gmt_config.json</c> says of how a model was made: the training's arguments by name. Empty where there is no such file.</summary>
internal sealed class GmtConfig
{
    /// <summary>The file's name in a model's folder.</summary>
    public const string FileName = "gmt_config.json";

    private readonly Dictionary<string, JsonElement> _values;

    private GmtConfig(string path, Dictionary<string, JsonElement> values) => (Path, _values) = (path, values);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Reads the file of a folder.</summary>
    /// <exception cref="CommandFailure">The file is not a JSON object.</exception>
    public static GmtConfig Read(string folder)
    {
        string path = System.IO.Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return new GmtConfig(path, []);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new GmtConfig(path, document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.Clone()))
                : throw new CommandFailure($"{path} must hold a JSON object.");
        }
        catch (JsonException e)
        {
            throw new CommandFailure($"{path} is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>A text, or the other value where the file does not say.</summary>
    public string Get(string name, string otherwise) => Get(name, JsonValueKind.String) is { } value ? value.GetString()! : otherwise;

    /// <summary>A truth value, or the other one where the file does not say.</summary>
    public bool Get(string name, bool otherwise) => Get(name, JsonValueKind.True, JsonValueKind.False) is { } value ? value.GetBoolean() : otherwise;

    /// <summary>A number, or the other one where the file does not say.</summary>
    public double Get(string name, double otherwise) => Get(name, JsonValueKind.Number) is { } value ? value.GetDouble() : otherwise;

    /// <summary>A whole number, or the other one where the file does not say.</summary>
    public int Get(string name, int otherwise) => Get(name, JsonValueKind.Number) is { } value
        ? value.TryGetInt32(out int number) ? number : throw new CommandFailure($"{Path}: '{name}' is {value}, a whole number is expected.")
        : otherwise;

    /// <summary>The value of an option as the file has it; null where it does not say.</summary>
    public object? ValueOf(Option option)
    {
        string name = option.Name.TrimStart('-');
        return !_values.ContainsKey(name) ? null
            : option.ValueType == typeof(string) ? Get(name, "")
            : option.ValueType == typeof(bool) ? Get(name, false)
            : option.ValueType == typeof(int) ? Get(name, 0)
            : Get(name, 0.0);
    }

    private JsonElement? Get(string name, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (!_values.TryGetValue(name, out JsonElement value))
        {
            return null;
        }

        return kinds.Contains(value.ValueKind) ? value : throw new CommandFailure($"{Path}: '{name}' is {value.GetRawText()}, which is of the wrong kind.");
    }
}

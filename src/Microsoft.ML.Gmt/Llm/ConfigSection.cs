using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>One object of a JSON configuration file; its errors name file, key, value and what was expected.</summary>
internal sealed class ConfigSection(string path, JsonElement element)
{
    /// <summary>File (and, inside it, section) that errors name.</summary>
    public string Path { get; } = path;

    public static JsonDocument Parse(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            JsonDocument document = JsonDocument.Parse(stream);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            string kind = document.RootElement.ValueKind.ToString();
            document.Dispose();
            throw new GmtFileException(path, null, $"expected a JSON object, found {kind}.");
        }
        catch (JsonException exception)
        {
            throw new GmtFileException(
                path,
                $"line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}",
                $"not valid JSON: {exception.Message}",
                innerException: exception);
        }
    }

    public ConfigSection? Section(string key)
    {
        if (Find(key) is not JsonElement value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object ? new ConfigSection($"{Path}: {key}", value) : throw Wrong(key, value, "an object");
    }

    public string? Text(string key) => Find(key) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(key, value, "a string");

    public bool? Flag(string key) => Find(key) is not JsonElement value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value, "true or false");

    public double? Number(string key) => Find(key) is not JsonElement value ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Wrong(key, value, "a number");

    public int? Integer(string key) => Find(key) is not JsonElement value ? null : ToInteger(key, value);

    public int RequiredInteger(string key) => Integer(key) ?? throw Missing(key);

    public double RequiredNumber(string key) => Number(key) ?? throw Missing(key);

    /// <summary>A list of integers; a single one counts as a list of one, an absent key as an empty list.</summary>
    public IReadOnlyList<int> Integers(string key) => Find(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => ToInteger(key, item))],
        JsonElement single => [ToInteger(key, single)],
    };

    public IReadOnlyList<string> Texts(string key)
    {
        if (Find(key) is not JsonElement list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            throw Wrong(key, list, "a list of strings");
        }

        return [.. list.EnumerateArray().Select(item => item.GetString()!)];
    }

    public NotSupportedException Unsupported(string key, object value, string remedy) =>
        new(FormattableString.Invariant($"{Path}: {key} '{value}' is not supported; {remedy}."));

    // An explicit null means the same as an absent key.
    private JsonElement? Find(string key) =>
        element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private int ToInteger(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int integer) ? integer : throw Wrong(key, value, "an integer");

    private GmtFileException Missing(string key) => new(Path, null, $"'{key}' is missing; it is needed to build the model.");

    private GmtFileException Wrong(string key, JsonElement value, string expected) =>
        new(Path, null, $"'{key}' is {GmtFileException.Shorten(value.GetRawText())}; expected {expected}.");
}

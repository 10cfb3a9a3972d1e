using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>The arguments of a Python script by name, as it keeps them in a JSON file beside its results. Empty where there is no such file.</summary>
internal sealed class PythonArguments
{
    private readonly Dictionary<string, JsonElement> _values;

    private PythonArguments(string path, Dictionary<string, JsonElement> values) => (Path, _values) = (path, values);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="GmtFileException">It is not a JSON object.</exception>
    public static PythonArguments Read(string path)
    {
        if (!File.Exists(path))
        {
            return new PythonArguments(path, []);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new PythonArguments(path, document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.Clone()))
                : throw new GmtFileException(path, null, "it must hold a JSON object.");
        }
        catch (JsonException e)
        {
            throw new GmtFileException(path, null, $"it is not valid JSON: {e.Message}", innerException: e);
        }
    }

    /// <summary>Whether the file says anything of an argument.</summary>
    public bool Contains(string name) => _values.ContainsKey(name);

    /// <summary>A text, or the other value where the file does not say.</summary>
    public string Get(string name, string otherwise) => Get(name, JsonValueKind.String) is { } value ? value.GetString()! : otherwise;

    /// <summary>A truth value, or the other one where the file does not say.</summary>
    public bool Get(string name, bool otherwise) => Get(name, JsonValueKind.True, JsonValueKind.False) is { } value ? value.GetBoolean() : otherwise;

    /// <summary>A number, or the other one where the file does not say.</summary>
    public double Get(string name, double otherwise) => Get(name, JsonValueKind.Number) is { } value ? value.GetDouble() : otherwise;

    /// <summary>A whole number, or the other one where the file does not say.</summary>
    public int Get(string name, int otherwise) => Get(name, JsonValueKind.Number) is not { } value ? otherwise
        : value.TryGetInt32(out int number) ? number
        : throw new GmtFileException(Path, null, $"'{name}' is {value}, a whole number is expected.");

    private JsonElement? Get(string name, params ReadOnlySpan<JsonValueKind> kinds) =>
        !_values.TryGetValue(name, out JsonElement value) ? null
        : kinds.Contains(value.ValueKind) ? value
        : throw new GmtFileException(Path, null, $"'{name}' is {value.GetRawText()}, which is of the wrong kind.");
}

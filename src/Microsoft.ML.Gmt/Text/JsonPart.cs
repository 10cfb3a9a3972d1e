using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>An element of a JSON file that knows its file and path, so that every error names both.</summary>
internal readonly record struct JsonPart(string File, string Path, JsonElement Element)
{
    /// <summary>Larger vocabularies do not exist; a hostile id must not make anybody allocate by its value.</summary>
    public const int LargestTokenId = (1 << 24) - 1;

    private const int MaximumDepth = 64;

    /// <summary>Reads a file. The document stays in memory as long as a part of it does.</summary>
    public static JsonPart Read(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(file), new JsonDocumentOptions { MaxDepth = MaximumDepth });
            return new JsonPart(file, "$", document.RootElement.Clone());
        }
        catch (JsonException error)
        {
            throw new GmtFileException(file, "$", $"not valid JSON: {error.Message}", innerException: error);
        }
    }

    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public bool IsString => Element.ValueKind == JsonValueKind.String;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    /// <summary>A property; a part that is null where the object lacks it.</summary>
    public JsonPart this[string name]
    {
        get
        {
            JsonElement value = default;
            try
            {
                _ = !IsNull && Expect(JsonValueKind.Object, "an object").TryGetProperty(name, out value);
            }
            catch (InvalidOperationException error)
            {
                throw Fault($"a name is not valid text: {error.Message}", error);
            }

            return new JsonPart(File, $"{Path}.{name}", value);
        }
    }

    public string Text()
    {
        try
        {
            return Expect(JsonValueKind.String, "a string").GetString()!;
        }
        catch (InvalidOperationException error)
        {
            // An escaped half of a surrogate pair is JSON, but it is no text.
            throw Fault($"not a valid string: {error.Message}", error);
        }
    }

    public string? TextOrNull() => IsNull ? null : Text();

    public bool Flag(bool missing) => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => missing,
        _ => throw Fault($"expected true or false, found {Describe()}."),
    };

    public int TokenId() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int id) && id is >= 0 and <= LargestTokenId
            ? id
            : throw Fault($"expected a number from 0 to {LargestTokenId.ToString(CultureInfo.InvariantCulture)}, found {Describe()}.");

    public double Number() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw Fault($"expected a number, found {Describe()}.");

    /// <summary>The items of an array; none where it is missing.</summary>
    public IEnumerable<JsonPart> Items()
    {
        if (IsNull)
        {
            yield break;
        }

        int index = 0;
        foreach (JsonElement item in Expect(JsonValueKind.Array, "an array").EnumerateArray())
        {
            yield return new JsonPart(File, string.Create(CultureInfo.InvariantCulture, $"{Path}[{index++}]"), item);
        }
    }

    /// <summary>The properties of an object; none where it is missing.</summary>
    public IEnumerable<KeyValuePair<string, JsonPart>> Properties()
    {
        if (IsNull)
        {
            yield break;
        }

        foreach (JsonProperty property in Expect(JsonValueKind.Object, "an object").EnumerateObject())
        {
            string name;
            try
            {
                name = property.Name;
            }
            catch (InvalidOperationException error)
            {
                throw Fault($"a name is not valid text: {error.Message}", error);
            }

            yield return new(name, new JsonPart(File, $"{Path}.{name}", property.Value));
        }
    }

    /// <summary>The part itself; a fault where it is missing.</summary>
    public JsonPart Required() => IsNull ? throw Fault("it is missing.") : this;

    public GmtFileException Fault(string problem, Exception? cause = null) => new(File, GmtFileException.Shorten(Path), problem, innerException: cause);

    private JsonElement Expect(JsonValueKind kind, string what) =>
        Element.ValueKind == kind ? Element : throw Fault($"expected {what}, found {Describe()}.");

    private string Describe() => Element.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Object or JsonValueKind.Array => Element.ValueKind == JsonValueKind.Object ? "an object" : "an array",
        JsonValueKind.String => "a string",
        _ => GmtFileException.Shorten(Element.GetRawText()),
    };
}

using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// An element of a JSON file that knows its file and path, so that every error names both, the value and what was expected.
/// </summary>
/// <param name="File">The file.</param>
/// <param name="Path">The element's path in it, such as <c>$.model.vocab</c>.</param>
/// <param name="Element">Its value; undefined where the file lacks it.</param>
internal readonly partial record struct JsonPart(string File, string Path, JsonElement Element)
{
    /// <summary>Whether the file lacks the part.</summary>
    public bool IsMissing => Element.ValueKind == JsonValueKind.Undefined;

    /// <summary>Whether the part says nothing: it is missing, or null.</summary>
    public bool IsNull => IsMissing || Element.ValueKind == JsonValueKind.Null;

    public bool IsString => Element.ValueKind == JsonValueKind.String;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public bool IsArray => Element.ValueKind == JsonValueKind.Array;

    /// <summary>A property; a part that is missing where the object lacks it, or where there is no object.</summary>
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

    public bool Flag() =>
        Element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Element.GetBoolean() : throw Unexpected("true or false");

    public bool Flag(bool missing) => IsNull ? missing : Flag();

    public double Number() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw Unexpected("a number");

    public bool? FlagOrNull() => IsNull ? null : Flag();

    public double? NumberOrNull() => IsNull ? null : Number();

    /// <summary>A whole number of 32 bits, written without a point.</summary>
    public int Integer() =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int value) ? value : throw Unexpected("an integer");

    public int Integer(int least, int most) =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out int value) && value >= least && value <= most
            ? value
            : throw Unexpected(string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));

    public int? IntegerOrNull() => IsNull ? null : Integer();

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

    /// <summary>Checks every name and text in the part, at any depth.</summary>
    /// <exception cref="GmtFileException">One is not valid text; the message names it.</exception>
    public void CheckTexts()
    {
        if (IsString)
        {
            Text();
        }
        else if (IsArray)
        {
            foreach (JsonPart item in Items())
            {
                item.CheckTexts();
            }
        }
        else if (IsObject)
        {
            foreach (KeyValuePair<string, JsonPart> property in Properties())
            {
                property.Value.CheckTexts();
            }
        }
    }

    /// <summary>Checks that no name stands twice in the object itself: of two values nobody knows which one counts.</summary>
    /// <exception cref="GmtFileException">One does.</exception>
    public void RefuseDoubledNames()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((string name, JsonPart value) in Properties())
        {
            if (!names.Add(name))
            {
                throw value.Fault("the name occurs twice; leave one of the two.");
            }
        }
    }

    /// <summary>The part itself; a fault where it says nothing.</summary>
    public JsonPart Required() => IsNull ? throw Fault(IsMissing ? "it is missing." : "it is null.") : this;

    public GmtFileException Fault(string problem, Exception? cause = null) =>
        new(File, GmtFileException.Shorten(Path), problem, innerException: cause);

    /// <summary>What is right, but asks for something that this library does not do.</summary>
    /// <param name="value">The value that asks for it.</param>
    /// <param name="supported">What is supported, as the end of a sentence.</param>
    public NotSupportedException Unsupported(object value, string supported) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{File}, {Path} '{value}' is not supported; {supported}."));

    private JsonElement Expect(JsonValueKind kind, string what) => Element.ValueKind == kind ? Element : throw Unexpected(what);

    private GmtFileException Unexpected(string expected) => Element.ValueKind switch
    {
        JsonValueKind.Undefined => Fault($"it is missing; expected {expected}."),
        JsonValueKind.Object => Fault($"expected {expected}, found an object."),
        JsonValueKind.Array => Fault($"expected {expected}, found an array."),
        _ => Fault($"expected {expected}, found {GmtFileException.Shorten(Element.GetRawText())}."),
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.Gmt;

/// <summary>How the settings of a saved model are written and read as JSON.</summary>
/// <remarks>
/// The resolver is named, so that hosts may switch off reflection as the serializer's default, as trimmed and file-based applications do.
/// Source generation would not do: it sets <c>init</c> properties that an archive lacks to the default of their type, not of the record
/// (.NET 10), and archives of older versions lack the newer properties.
/// </remarks>
internal static class ModelJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),

        // Settings come from outside: null or missing only where that is allowed, and no name twice.
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    };
}

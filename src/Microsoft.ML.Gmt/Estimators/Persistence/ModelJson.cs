using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.Gmt;

/// <summary>How the settings of a saved model are written and read as JSON.</summary>
/// <remarks>
/// The resolver is named, so that hosts may switch reflection off as the serializer's default, as trimmed applications and file-based ones
/// do. Code that is generated when this is compiled would not do: .NET 10's sets properties that are <c>init</c> to their types' defaults
/// where an archive lacks them, not to the ones that the records say, and archives of older versions lack the newer ones.
/// </remarks>
internal static class ModelJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),

        // Settings are data from elsewhere: nothing is null that must not be, and nothing is said twice.
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };
}

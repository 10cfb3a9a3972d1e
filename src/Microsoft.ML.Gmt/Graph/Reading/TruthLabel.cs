using System.Text;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>The words by which files say that a triple is true or false.</summary>
internal static class TruthLabel
{
    public const string Words = "1, true, yes, 0, -1, false, no";

    /// <summary>Reads a label, whatever its case and the white space around it; null where it is none.</summary>
    public static bool? Read(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field).Trim().ToUpperInvariant() switch
    {
        "1" or "+1" or "1.0" or "TRUE" or "T" or "YES" or "Y" => true,
        "0" or "-1" or "0.0" or "-1.0" or "FALSE" or "F" or "NO" or "N" => false,
        _ => null,
    };

    /// <summary>Whether fields are all labels, some of them true.</summary>
    public static bool AreLabels(IReadOnlyCollection<string> fields)
    {
        bool?[] labels = [.. fields.Select(field => Read(Encoding.UTF8.GetBytes(field)))];
        return labels.All(label => label is not null) && labels.Contains(true);
    }
}

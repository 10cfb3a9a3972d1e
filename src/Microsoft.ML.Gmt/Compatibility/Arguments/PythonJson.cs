using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>Writes an object to the bytes that Python's <c>json.dumps(value, indent=2)</c> gives.</summary>
internal static class PythonJson
{
    /// <summary>Writes a file, whole or not at all.</summary>
    public static void WriteFile(string path, IEnumerable<KeyValuePair<string, object?>> entries) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.ASCII.GetBytes(Write(entries))));

    /// <summary>The text, in ASCII.</summary>
    /// <param name="entries">Names with texts, integers, numbers, truth values or null, in order.</param>
    public static string Write(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        string[] lines = [.. entries.Select(entry => $"  {Quote(entry.Key)}: {Value(entry.Value)}")];
        return lines.Length == 0 ? "{}" : $"{{\n{string.Join(",\n", lines)}\n}}";
    }

    private static string Value(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => Quote(text),
        double number => Number(number),
        int or long => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"JSON has no {value.GetType().Name}.", nameof(value)),
    };

    private static string Number(double value) =>
        double.IsFinite(value) ? PythonNumber.Represent(value) : double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                >= ' ' and <= '~' => quoted.Append(c),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }

        return quoted.Append('"').ToString();
    }
}

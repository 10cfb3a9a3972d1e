using System.Collections;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>Reports as JSON: one object, or an array of several.</summary>
internal static class JsonReports
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes them.</summary>
    public static void Write(TextWriter output, IReadOnlyList<Report> reports)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            if (reports.Count != 1)
            {
                json.WriteStartArray();
            }

            foreach (Report report in reports)
            {
                Write(json, report);
            }

            if (reports.Count != 1)
            {
                json.WriteEndArray();
            }
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    /// <summary>A value, as its text where it has parts, and then its parts.</summary>
    public static IEnumerable<(string Name, object? Value)> WithParts((string Name, object? Value) member) =>
        member.Value is IReportParts parts ? [(member.Name, $"{parts}"), .. parts.Parts] : [member];

    /// <summary>Names of facts and columns as keys: lower case, words joined.</summary>
    public static string Key(string name) => name.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');

    private static void Write(Utf8JsonWriter json, Report report)
    {
        json.WriteStartObject();
        json.WriteString("title", report.Title);
        WriteMembers(json, report.Subject);
        WriteMembers(json, report.Facts.SelectMany(WithParts));
        foreach (ReportTable table in report.Tables)
        {
            json.WriteStartArray(Key(table.Title));
            foreach (IReadOnlyList<object?> row in table.Rows)
            {
                json.WriteStartObject();
                WriteMembers(json, table.Columns.Zip(row).SelectMany(WithParts));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, IEnumerable<(string Name, object? Value)> members)
    {
        foreach ((string name, object? value) in members)
        {
            json.WritePropertyName(Key(name));
            Write(json, value);
        }
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case double: json.WriteNullValue(); break;
            case ByteSize size: json.WriteNumberValue(size.Bytes); break;
            case IReportParts parts:
                json.WriteStartObject();
                WriteMembers(json, parts.Parts);
                json.WriteEndObject();
                break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (object? item in items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            default: json.WriteStringValue($"{value}"); break;
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Recorded answers as data views, and how alike answers of today must be.</summary>
internal static partial class EarlierAnswers
{
    // Kernels differ between processors in the last bits of fp32.
    private const double Tolerance = 1e-4;

    // And such bits decide between entities of the same kind, which all but tie.
    private const double RankTolerance = 0.1;

    // Percentages have one decimal, which such bits may round to its neighbor.
    private const double PercentTolerance = 0.11;

    // Facts that commands print since.
    private static readonly string[] Since =
    [
        "left_out_for_unknown_names", "labeled_true", "labeled_false", "ranks_by_half_links_in_training_triples",
        "head", "relation", "tail", "name", "label",
    ];

    private static readonly string[] Unused = ["unused", "unused too"];

    /// <summary>Rows of recorded input columns: up to three of text, and one of labels.</summary>
    public static IDataView Rows(MLContext ml, JsonObject columns, IReadOnlyList<string> names)
    {
        string[] texts = [.. names.Where(name => IsText(columns[name]!)), .. Unused];
        string label = names.Except(texts).SingleOrDefault("unused label");
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        string[] columnNames = [.. texts[..3], label];
        foreach ((SchemaDefinition.Column column, string name) in schema.Zip(columnNames))
        {
            column.ColumnName = name;
        }

        string Text(int column, int row) => columns[texts[column]]?[row]!.GetValue<string>() ?? "";
        return ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, columns[names[0]]!.AsArray().Count).Select(row => new Row
            {
                First = Text(0, row),
                Second = Text(1, row),
                Third = Text(2, row),
                Label = columns[label]?[row]!.GetValue<bool>() ?? false,
            }),
            schema);
    }

    /// <summary>The values of a column as they are recorded: of vectors the first four numbers.</summary>
    public static JsonNode? Column(IDataView data, string name, JsonNode recorded) => data.Schema[name].Type switch
    {
        VectorDataViewType => JsonSerializer.SerializeToNode(data.GetColumn<float[]>(name).Select(vector => vector[..4])),
        TextDataViewType => JsonSerializer.SerializeToNode(data.GetColumn<string>(name)),
        BooleanDataViewType => JsonSerializer.SerializeToNode(data.GetColumn<bool>(name)),
        _ => JsonSerializer.SerializeToNode(Numbers(data, name, recorded)),
    };

    /// <summary>The same names in the same order, the same texts and verdicts, and numbers that differ by rounding only.</summary>
    public static void AssertAlike(JsonNode? expected, JsonNode? actual, string what)
    {
        JsonValueKind kind = expected?.GetValueKind() ?? JsonValueKind.Null;
        string seen = $"{what}: expected {expected?.ToJsonString()}, was {actual?.ToJsonString()}";
        Assert.AreEqual(kind, actual?.GetValueKind() ?? JsonValueKind.Null, seen);
        switch (kind)
        {
            case JsonValueKind.Object:
                CollectionAssert.AreEqual(Names(expected!), Names(actual!).Except(Since.Except(Names(expected!))).ToArray(), seen);
                foreach ((string name, JsonNode? value) in expected!.AsObject())
                {
                    AssertAlike(value, actual![name], $"{what}, {name}");
                }

                break;
            case JsonValueKind.Array:
                Assert.HasCount(expected!.AsArray().Count, actual!.AsArray(), seen);
                foreach ((int i, JsonNode? value) in expected.AsArray().Index())
                {
                    AssertAlike(value, actual.AsArray()[i], $"{what}[{i}]");
                }

                break;
            case JsonValueKind.Number:
                double tolerance = what.Contains(", ranks[", StringComparison.Ordinal) ? RankTolerance : Tolerance;
                double number = expected!.GetValue<double>();
                Assert.AreEqual(number, actual!.GetValue<double>(), tolerance * Math.Max(1, Math.Abs(number)), seen);
                break;
            case JsonValueKind.String:
                AssertAlike(expected!.GetValue<string>(), actual!.GetValue<string>(), seen);
                break;
            default:
                break;
        }
    }

    /// <summary>A row with an unknown name had score 0 and probability 0.5; it has neither since, and <c>Known</c> says so.</summary>
    private static float[] Numbers(IDataView data, string name, JsonNode recorded)
    {
        float[] values = [.. data.GetColumn<float>(name)];
        bool[] known = [.. data.GetColumn<bool>("Known")];
        for (int row = 0; row < values.Length; row++)
        {
            Assert.AreEqual(!known[row], float.IsNaN(values[row]), $"{name}, row {row}");
            if (!known[row])
            {
                values[row] = recorded[row]!.GetValue<float>();
                Assert.IsTrue(values[row] is 0 or 0.5f, $"{name}, row {row} was {values[row]}");
            }
        }

        return values;
    }

    private static void AssertAlike(string recorded, string actual, string seen)
    {
        // Titles have American spelling since.
        string expected = recorded.Replace("labelled", "labeled", StringComparison.Ordinal);
        Assert.AreEqual(Percentage().Replace(expected, "%"), Percentage().Replace(actual, "%"), seen);
        foreach ((double was, double now) in Percentages(expected).Zip(Percentages(actual)))
        {
            Assert.AreEqual(was, now, PercentTolerance, seen);
        }
    }

    private static bool IsText(JsonNode column) => column[0]!.GetValueKind() == JsonValueKind.String;

    private static string[] Names(JsonNode node) => [.. node.AsObject().Select(entry => entry.Key)];

    private static IEnumerable<double> Percentages(string text) =>
        Percentage().Matches(text).Select(match => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));

    private sealed class Row
    {
        public string First { get; set; } = "";

        public string Second { get; set; } = "";

        public string Third { get; set; } = "";

        public bool Label { get; set; }
    }

    [GeneratedRegex(@"(\d+\.\d) %")]
    private static partial Regex Percentage();
}

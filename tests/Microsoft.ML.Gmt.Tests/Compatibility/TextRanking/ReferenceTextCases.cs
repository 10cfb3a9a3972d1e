using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Gmt.Compatibility;

namespace Microsoft.ML.Gmt.Tests.Compatibility;

/// <summary>Every recorded call of the reference's text functions: same arguments, same result.</summary>
[TestClass]
public sealed class ReferenceTextCases
{
    [TestMethod]
    [DataRow("normalize_text")]
    [DataRow("split_ranked_list")]
    [DataRow("parse_candidates")]
    [DataRow("parse_gold_answers")]
    [DataRow("map_predictions_to_candidates")]
    [DataRow("detect_task")]
    [DataRow("compute_link_metrics")]
    [DataRow("compute_classification_metrics")]
    public void Equal_the_reference(string function)
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Goldens.Root("reference"), "text", "cases.json")));
        int compared = 0;
        foreach (JsonElement call in cases.RootElement.EnumerateArray().Where(call => call.GetProperty("function").GetString() == function))
        {
            if (Call(function, call.GetProperty("args")) is { } actual)
            {
                JsonNode? expected = JsonNode.Parse(call.GetProperty("result").GetRawText());
                Assert.IsTrue(JsonNode.DeepEquals(expected, JsonNode.Parse(actual)), $"{call.GetRawText()} gave {actual}");
                compared++;
            }
        }

        Assert.AreNotEqual(0, compared);
    }

    /// <summary>The result as JSON; null where the reference was called with what our signature does not take.</summary>
    private static string? Call(string function, JsonElement args) => function switch
    {
        "normalize_text" => JsonSerializer.Serialize(RankedText.Normalize(args[0].GetString()!)),
        "split_ranked_list" => JsonSerializer.Serialize(RankedText.Split(args[0].GetString()!)),
        "parse_candidates" => JsonSerializer.Serialize(InstructionRow.Candidates(args[0])),
        "parse_gold_answers" => JsonSerializer.Serialize(InstructionRow.Golds(args[0])),
        "map_predictions_to_candidates" => JsonSerializer.Serialize(RankedText.MapToCandidates(Texts(args[0]), Texts(args[1]))),
        "detect_task" => InstructionRow.DetectTask(args[0]) == TextTask.Classification ? "\"classification\"" : "\"link_prediction\"",
        "compute_link_metrics" => LinkMetrics(args),
        _ => ClassificationMetrics(args),
    };

    private static string LinkMetrics(JsonElement args)
    {
        var rows = args[0].EnumerateArray().Select(
            row => new TextRanking(Texts(row.GetProperty("preds")), Texts(row.GetProperty("golds"))));
        TextRankingMetrics? metrics = TextRankingMetrics.ComputeCompatible(rows, [.. args[1].EnumerateArray().Select(k => k.GetInt32())]);
        return metrics is null ? "null" : JsonSerializer.Serialize(new object[]
        {
            metrics.Hits.ToDictionary(hit => $"{hit.Key}", hit => hit.Value), metrics.MeanReciprocalRank, metrics.Rows,
        });
    }

    private static string? ClassificationMetrics(JsonElement args)
    {
        bool[] labels = Verdicts(args[0]), predictions = Verdicts(args[1]);
        if (labels.Length != predictions.Length)
        {
            return null;
        }

        var metrics = TextClassificationMetrics.Compute(labels, predictions);
        return JsonSerializer.Serialize(new[] { metrics.Accuracy, metrics.Precision, metrics.Recall, metrics.F1 });
    }

    private static bool[] Verdicts(JsonElement list) =>
        [.. list.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Number ? value.GetInt32() == 1 : value.GetBoolean())];

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];
}

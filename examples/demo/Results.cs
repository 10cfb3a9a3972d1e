using System.Globalization;
using System.Text.Json;

namespace Examples.Demo;

/// <summary>The figures of the demo: two tables, and a file for programs.</summary>
internal sealed class Results
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly List<Result> _rows = [];

    /// <summary>Adds a row and returns it.</summary>
    public Result Add(Result row)
    {
        _rows.Add(row);
        return row;
    }

    public void PrintVerdicts(int triples)
    {
        var table = new ConsoleTable(
            "verdicts by", "labels used", "accuracy", "precision", "recall", "F1", "AUC", "calibration error", "CPU s");
        foreach (Result row in _rows.Where(row => row.Accuracy is not null))
        {
            table.Add(
                row.Name, row.Labels, Percent(row.Accuracy), Percent(row.Precision), Percent(row.Recall), Percent(row.F1),
                Percent(row.Auc), Percent(row.CalibrationError), Seconds(row.Seconds));
        }

        table.Add("published: GMT with LLaMA-2 7B (arXiv 2510.08966)", "train", "89.0", "", "", "", "", "", "");
        table.Add("published: RESCAL (CoDEx, EMNLP 2020)", "thresholds", "84.3", "", "", "", "", "", "");
        table.Add("published: KoPA with Alpaca 7B (arXiv 2310.06671)", "train", "82.7", "", "", "", "", "", "");
        table.Write($"CoDEx-S, {triples:n0} test triples, half of them hard negatives (percent)", leftColumns: 2);
    }

    public void PrintLinks()
    {
        var table = new ConsoleTable("links by", "MRR", "Hits@1", "Hits@3", "Hits@10", "AMRI");
        foreach (Result row in _rows.Where(row => row.Mrr is not null))
        {
            table.Add(row.Name, Share(row.Mrr), Share(row.HitsAt1), Share(row.HitsAt3), Share(row.HitsAt10), Share(row.Amri));
        }

        table.Add("published: ComplEx (CoDEx, EMNLP 2020)", "0.465", "0.372", "0.504", "0.646", "");
        table.Write("CoDEx-S, test triples, heads and tails ranked among all entities, filtered", leftColumns: 1);
    }

    /// <summary>Rows by name: accuracy, AUC, mrr, labels, seconds and the rest.</summary>
    public void Write(string path, double seconds) => File.WriteAllText(path, JsonSerializer.Serialize(
        new { Graph = "CoDEx-S, test triples", Seconds = seconds, Rows = _rows.ToDictionary(row => row.Name) }, Json) + "\n");

    private static string Percent(double? share) => share is { } value ? (100 * value).ToString("f1", CultureInfo.InvariantCulture) : "";

    private static string Share(double? value) => value?.ToString("f3", CultureInfo.InvariantCulture) ?? "";

    private static string Seconds(double? value) => value?.ToString("f0", CultureInfo.InvariantCulture) ?? "";
}

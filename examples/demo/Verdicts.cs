using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;

namespace Examples.Demo;

/// <summary>
/// Triple classification on the hard test triples: baselines, stage 1, the language model alone, and the language model with its memory.
/// </summary>
internal static class Verdicts
{
    public static void Print(
        MLContext ml, KnowledgeGraph graph, SgmTransformer stage1, GmtTransformer stage2, IDataView labeled, IDataView test)
    {
        Judged[] tested = Read(ml, stage2.Transform(test));
        var table = new ConsoleTable("verdicts by", "labels used", "accuracy", "precision", "recall", "F1", "AUC", "calibration error");

        ScoredStatement[] constant = [.. Scored(ml, labeled).Select(row => row with { Score = 0 })];
        AddByThreshold(
            table, "majority of the relation", "valid", constant,
            [.. tested.Select(row => new ScoredStatement(row.Relation, 0, row.Label))]);
        AddByThreshold(
            table, "stage 1's score, a threshold for each relation", "thresholds", Scored(ml, stage1.Transform(labeled)),
            Scored(ml, stage1.Transform(test)));
        Add(table, "language model, memory zeroed", "valid, 80 %", WithoutMemory(graph, stage2, tested));
        Add(table, "GMT", "valid, 80 %", tested);
        foreach ((string who, string labels, string accuracy) in Published)
        {
            table.Add(who, labels, accuracy, "", "", "", "", "");
        }

        table.Write($"CoDEx-S, {tested.Length:n0} test triples, half of them hard negatives (percent)", leftColumns: 2);
        Judged[] certain = [.. tested.OrderByDescending(row => Math.Abs(row.Probability - 0.5)).Take(tested.Length * 4 / 5)];
        Console.WriteLine($"\n  Of the 80 % that GMT is most certain of, {Percent(certain.Average(row => row.PredictedLabel == row.Label ? 1.0 : 0))} % are right.");
    }

    /// <summary>Figures of others on the same triples, with their sources.</summary>
    private static IReadOnlyList<(string Who, string Labels, string Accuracy)> Published =>
    [
        ("published: GMT with LLaMA-2 7B (arXiv 2510.08966)", "train", "89.0"),
        ("published: KoPA with Alpaca 7B (arXiv 2310.06671)", "train", "82.7"),
        ("published: RESCAL (CoDEx, EMNLP 2020)", "thresholds", "84.3"),
    ];

    private static void AddByThreshold(ConsoleTable table, string who, string labels, ScoredStatement[] chosenBy, ScoredStatement[] tested)
    {
        RelationThresholds thresholds = RelationThresholds.Fit(chosenBy);
        bool[] predicted = [.. tested.Select(row => thresholds.IsTrue(row.Relation, row.Score))];
        double both = predicted.Zip(tested).Count(pair => pair.First && pair.Second.Label);
        double precision = both / predicted.Count(value => value), recall = both / tested.Count(row => row.Label);
        table.Add(
            who, labels, Percent(thresholds.Accuracy(tested)), Percent(precision), Percent(recall),
            Percent(2 * precision * recall / (precision + recall)), "", "");
    }

    /// <summary>By ML.NET's own evaluator.</summary>
    private static void Add(ConsoleTable table, string who, string labels, Judged[] rows)
    {
        var ml = new MLContext();
        CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(ml.Data.LoadFromEnumerable(rows));
        table.Add(
            who, labels, Percent(metrics.Accuracy), Percent(metrics.PositivePrecision), Percent(metrics.PositiveRecall),
            Percent(metrics.F1Score),
            Percent(metrics.AreaUnderRocCurve),
            Percent(Calibration.ExpectedError(rows.Select(row => ((double)row.Probability, row.Label)))));
    }

    private static Judged[] WithoutMemory(KnowledgeGraph graph, GmtTransformer model, Judged[] rows)
    {
        Triple[] triples = [.. rows.Select(row => new Triple(graph.Entities.GetId(row.Head), graph.Relations.GetId(row.Relation), graph.Entities.GetId(row.Tail)))];
        TripleJudge judge = model.GetJudge();
        IEnumerable<Verdict> verdicts = triples.Chunk(64).SelectMany(batch => judge.JudgeWithoutMemory(batch));
        return [.. rows.Zip(verdicts, (row, verdict) => new Judged
        {
            Relation = row.Relation, Label = row.Label, Score = (float)verdict.Score, Probability = (float)verdict.Probability,
            PredictedLabel = verdict.IsTrue,
        })];
    }

    private static Judged[] Read(MLContext ml, IDataView data) => [.. ml.Data.CreateEnumerable<Judged>(data, reuseRowObject: false)];

    private static ScoredStatement[] Scored(MLContext ml, IDataView data)
    {
        bool hasScore = data.Schema.GetColumnOrNull("Score") is not null;
        string[] relations = [.. data.GetColumn<string>("Relation")];
        bool[] labels = [.. data.GetColumn<bool>("Label")];
        float[] scores = hasScore ? [.. data.GetColumn<float>("Score")] : new float[labels.Length];
        return [.. relations.Select((relation, row) => new ScoredStatement(relation, scores[row], labels[row]))];
    }

    private static string Percent(double share) => (100 * share).ToString("f1", CultureInfo.InvariantCulture);
}

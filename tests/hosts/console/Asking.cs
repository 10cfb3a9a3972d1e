using System.Globalization;
using Microsoft.ML;

/// <summary>A saved model is asked by a prediction engine and as a view.</summary>
public static class Asking
{
    public static string Ask(string archive)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(archive, out _);
        Fact[] facts = [new Fact { Head = "E19", Relation = "P4", Tail = "E6" }, new Fact { Head = "E12", Relation = "P1", Tail = "E34" }];
        IDataView judged = model.Transform(ml.Data.LoadFromEnumerable(facts));
        float score = ml.Data.CreateEnumerable<Verdict>(judged, reuseRowObject: false).Last().Score;
        using var engine = ml.Model.CreatePredictionEngine<Fact, Verdict>(model);
        Verdict verdict = engine.Predict(facts[0]);
        return string.Create(
            CultureInfo.InvariantCulture, $"{verdict.PredictedLabel}, {verdict.Probability:f3}, {score:f3}, read: {verdict.Explanation}");
    }

    public sealed class Fact
    {
        public string Head { get; set; } = "";

        public string Relation { get; set; } = "";

        public string Tail { get; set; } = "";
    }

    public sealed class Verdict
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }

        public float Score { get; set; }

        public string Explanation { get; set; } = "";
    }
}

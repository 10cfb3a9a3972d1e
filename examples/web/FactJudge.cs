using Microsoft.ML;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Examples.Web;

/// <summary>What answers questions about facts of a graph; any number of requests may ask at once.</summary>
internal sealed record FactJudge(KnowledgeGraph Graph, Func<Triple, CancellationToken, FactAnswer> Answer)
{
    /// <summary>A trained model with its graph: a pipeline, or stage 2 alone.</summary>
    public static FactJudge OfModel(MLContext ml, ITransformer model)
    {
        ITransformer[] parts = model is IEnumerable<ITransformer> chain ? [.. chain] : [model];
        KnowledgeGraph graph = parts.OfType<GmtTransformer>().Single().Graph;
        return new FactJudge(graph, (fact, _) =>
        {
            var row = new { Head = graph.Entities[fact.Head], Relation = graph.Relations[fact.Relation], Tail = graph.Entities[fact.Tail] };
            IDataView judged = model.Transform(ml.Data.LoadFromEnumerable([row]));
            Judged verdict = ml.Data.CreateEnumerable<Judged>(judged, reuseRowObject: false).Single();
            return new FactAnswer(
                graph.TripleText(fact), verdict.PredictedLabel, verdict.Probability,
                verdict.Explanation.Split("; ", StringSplitOptions.RemoveEmptyEntries), Calibration: null);
        });
    }

    /// <summary>A graph alone: the path model of the package, with nothing trained.</summary>
    public static FactJudge OfGraph(MLContext ml, KnowledgeGraph graph)
    {
        PathScoringTransformer paths = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
        ScoreJudge judge = paths.GetJudge();
        return new FactJudge(graph, (fact, aborted) =>
        {
            ScoreVerdict verdict = judge.Judge([fact], aborted)[0];
            return new FactAnswer(
                graph.TripleText(fact), verdict.IsTrue, verdict.Probability,
                [
                    .. paths.ExplainPaths(fact).Select(
                        path => string.Join(", ", path.Steps.Select(step => graph.TripleText(step.Fact)))),
                ],
                $"{judge.CalibrationOf(fact.Relation, aborted)}");
        });
    }

    private sealed class Judged
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }

        public string Explanation { get; set; } = "";
    }
}

/// <summary>An answer.</summary>
/// <param name="Fact">The fact as it was understood.</param>
/// <param name="Verdict">Whether it holds.</param>
/// <param name="Probability">How probable that is.</param>
/// <param name="Read">What was read to say so: features and edges, or paths.</param>
/// <param name="Calibration">What the probability was fitted on, where no label was; else null.</param>
internal sealed record FactAnswer(string Fact, bool Verdict, double Probability, IReadOnlyList<string> Read, string? Calibration);

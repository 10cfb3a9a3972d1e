using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Ranking;

namespace Benchmarks.Accuracy;

/// <summary>
/// Links by mixtures of models: the weights of their log-softmax are chosen by the MRR of validation triples, then test triples are ranked
/// once. <c>GMT_LINKS_MODELS</c> names mixtures, each models joined by +: <c>complex256</c>, <c>complex512</c>, <c>ultra_3g</c>, or the
/// file of a saved chain with one model. Scores are kept in <c>GMT_ACCURACY_FOLDER</c>.
/// </summary>
internal sealed class LinkAccuracy : IBenchmark
{
    private const int Parts = 8;

    public string Verb => "accuracy-links";

    public string What => "link prediction on CoDEx-S by mixtures of embeddings and path models, weights chosen by validation; minutes";

    public bool IsLong => true;

    public void Run()
    {
        string folder = Environment.GetEnvironmentVariable("GMT_ACCURACY_FOLDER") ?? Path.Combine("artifacts", "accuracy");
        string names = Environment.GetEnvironmentVariable("GMT_LINKS_MODELS")
            ?? "complex256,ultra_3g,complex256+ultra_3g,ultra_50g,complex256+ultra_50g";
        KnowledgeGraph graph = new MLContext(seed: 1).Data.LoadKnowledgeGraph(Machine.DataSet("codex-s"));
        Triple[] validation = [.. graph.Triples(GraphSplit.Validation)], test = [.. graph.Triples(GraphSplit.Test)];
        (bool Tails, int Entity, int Relation)[] questions = MixedScores.Questions([.. validation, .. test]);
        var features = new CachedFeatures(new LabeledRows("codex-s", graph), folder);
        Console.WriteLine("| models | weights | validation MRR | test MRR | Hits@1 | Hits@3 | Hits@10 | CPU seconds |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        var known = new KnownTriples(graph, GraphSplit.Train, GraphSplit.Validation);
        var all = new KnownTriples(graph);
        foreach (string[] mixture in names.Split(',').Select(name => name.Split('+')))
        {
            FeatureMatrix[] scores = [.. mixture.Select(model => features.Kept(
                $"links-{Path.GetFileNameWithoutExtension(model)}", ml => Ask(ml, graph, model, questions)))];
            MixedScores Mixed(int[] parts) => new(
                graph, questions, [.. scores.Zip(parts, (one, part) => (one, (double)part / Parts)).Where(pair => pair.Item2 > 0)]);
            double Validated(int[] parts) =>
                EntityRanking.MeanReciprocalRank(EntityRanking.Rank(Mixed(parts), validation, known, QueryMask.None));
            (int[] best, double mrr) = Weights(mixture.Length, Parts)
                .Select(parts => (parts, Mrr: Validated(parts))).MaxBy(pair => pair.Mrr);
            RankingMetrics figures = EntityRanking.Metrics(EntityRanking.Rank(Mixed(best), test, all, QueryMask.None)).Both.Realistic;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {string.Join(" + ", mixture)} | {string.Join(", ", best.Select(part => (double)part / Parts))} | {mrr:f4} "
                + $"| {figures.MeanReciprocalRank:f4} | {figures.HitsAt[1]:f4} | {figures.HitsAt[3]:f4} | {figures.HitsAt[10]:f4} "
                + $"| {scores.Sum(one => one.Seconds):f0} |"));
        }
    }

    /// <summary>All ways to share so many parts among so many models, each at least one of them.</summary>
    private static IEnumerable<int[]> Weights(int models, int parts) => models == 1
        ? [[parts]]
        : Enumerable.Range(1, parts - models + 1)
            .SelectMany(first => Weights(models - 1, parts - first).Select(rest => (int[])[first, .. rest]));

    private static FeatureMatrix Ask(
        MLContext ml, KnowledgeGraph graph, string model, (bool Tails, int Entity, int Relation)[] questions)
    {
        ITransformer transformer = model switch
        {
            "complex256" or "complex512" => ml.Transforms.EmbedKnowledgeGraph(
                graph, KgeModel.ComplEx, embeddingDimension: int.Parse(model.AsSpan("complex".Length), CultureInfo.InvariantCulture))
                .Fit(graph.ToDataView()),
            _ when model.EndsWith(".zip", StringComparison.Ordinal) => ml.Model.Load(model, out _),
            _ => ml.Transforms.ApplyPathModel(graph, Checkpoint(model)).Fit(graph.ToDataView()),
        };
        using IDisposable? owned = transformer as IDisposable;
        ITripleScoringTransformer scoring = transformer as ITripleScoringTransformer
            ?? (transformer as IEnumerable<ITransformer>)?.OfType<ITripleScoringTransformer>().Single()
            ?? throw new InvalidDataException($"{model} holds no model that scores triples.");
        return MixedScores.Ask(scoring.Scorer, questions);
    }

    private static string Checkpoint(string name) => Path.Combine(
        Machine.PretrainedModel("ultra") ?? throw new DirectoryNotFoundException("The folder ultra is not below GMT_MODELS."),
        $"{name}.pth");
}

using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;

namespace Benchmarks.Links;

/// <summary>
/// What a language model adds to links that ComplEx retrieves, on triples of CoDEx-S drawn by the seed: by the likelihood of names, as it
/// comes and taught by questions, and by verdicts of a model that was taught with features. The weight is chosen on validation triples.
/// <c>GMT_RERANK_ONLY</c> names one of the rows' models.
/// </summary>
internal sealed class RerankQuality : IBenchmark
{
    private const int Seed = 1, Candidates = 20, Validation = 150, Test = 300, Questions = 10_000;

    public string Verb => "rerank";

    public string What => "links of CoDEx-S in two steps: ComplEx retrieves 20, a language model scores them again; an hour";

    public bool IsLong => true;

    public void Run()
    {
        var ml = new MLContext(Seed);
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(Machine.DataSet("codex-s"));
        using KgeTransformer retriever = ml.Transforms.EmbedKnowledgeGraph(graph, KgeModel.ComplEx).Fit(graph.ToDataView());
        using SgmTransformer stage1 = ml.Transforms.SgmPretrain(graph, numberOfEpochs: 2).Fit(graph.ToDataView());
        Console.WriteLine(
            "| language model | score | recall@20 | misses of 600 | MRR retrieved | weight | MRR re-ranked | MRR by it alone "
            + "| CPU seconds |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        Named(ml, graph, retriever, stage1, "tiny LLaMA, as it comes", Machine.Model("tiny-llama"), 0);
        Named(ml, graph, retriever, stage1, "tiny LLaMA, taught 10,000 questions", Machine.Model("tiny-llama"), Questions);
        if (Machine.PretrainedModel("smollm2-135m-instruct-q4_1") is { } smol)
        {
            Named(ml, graph, retriever, stage1, "SmolLM2 135M, as it comes", smol, 0);
            Named(ml, graph, retriever, stage1, "SmolLM2 135M, taught 1,000 questions", smol, 1_000);
        }

        Judged(ml, graph, retriever, stage1, "tiny LLaMA with features, taught the labeled pairs of the validation split");
    }

    private static void Named(
        MLContext ml, KnowledgeGraph graph, KgeTransformer retriever, SgmTransformer stage1, string name, string baseModel, int questions)
    {
        if (IsWanted(name))
        {
            TimeSpan start = Process.GetCurrentProcess().TotalProcessorTime;
            using GmtTransformer model = ml.Transforms.GmtFinetune(baseModel, new GmtFinetuneEstimator.Options
            {
                Instructions = new InstructionColumnNames(),
                Text = new GmtTextOptions { AddEndOfSequence = true, Template = PromptTemplate.Named("alpaca_short") },
                Training = new GmtTrainingOptions { NumberOfEpochs = questions > 0 ? 1 : 0 },
            }).Fit(stage1.Transform(ml.Data.TakeRows(ml.Data.ShuffleRows(graph.ToLinkQuestions(), Seed), Math.Max(questions, 32))));
            Print(ml, graph, retriever, model, name, "name", new RerankingOptions { NumberOfCandidates = Candidates }, null, start);
        }
    }

    private static void Judged(MLContext ml, KnowledgeGraph graph, KgeTransformer retriever, SgmTransformer stage1, string name)
    {
        if (IsWanted(name))
        {
            TimeSpan start = Process.GetCurrentProcess().TotalProcessorTime;
            FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples("Features", graph).Fit(graph.ToDataView());
            using GmtTransformer model = ml.Transforms.GmtFinetune(Machine.Model("tiny-llama"), featureColumnName: "Features")
                .Fit(stage1.Transform(features.Transform(graph.ToLabeledDataView(GraphSplit.Validation))));
            var options = new RerankingOptions { NumberOfCandidates = Candidates, Score = RerankingScore.Verdict, BatchSize = Candidates };
            Print(ml, graph, retriever, model, name, "verdict", options, [features], start);
        }
    }

    private static bool IsWanted(string name) => name.Contains(
        Environment.GetEnvironmentVariable("GMT_RERANK_ONLY") ?? "", StringComparison.OrdinalIgnoreCase);

    private static void Print(
        MLContext ml, KnowledgeGraph graph, KgeTransformer retriever, GmtTransformer model, string name, string score,
        RerankingOptions options, ITransformer[]? featurizers, TimeSpan start)
    {
        RerankedLinks Rerank(GraphSplit split, int count) => model.RerankEntities(
            ml.Data.TakeRows(ml.Data.ShuffleRows(graph.ToDataView(split), Seed), count), retriever.Scorer, options, featurizers);
        RerankedLinks chosenBy = Rerank(GraphSplit.Validation, Validation), links = Rerank(GraphSplit.Test, Test);
        double weight = chosenBy.ChooseWeight();
        double Mrr(double by) => links.Metrics(by).MeanReciprocalRank;
        double seconds = (Process.GetCurrentProcess().TotalProcessorTime - start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {score} | {links.Recall:f3} | {links.Misses} | {Mrr(0):f3} | {weight:0.####} | {Mrr(weight):f3} "
            + $"| {Mrr(double.PositiveInfinity):f3} | {seconds:f0} |"));
    }
}

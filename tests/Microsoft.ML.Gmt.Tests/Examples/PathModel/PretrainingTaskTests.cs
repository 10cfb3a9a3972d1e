using Examples.PathModel;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Examples;

[TestClass]
public sealed class PretrainingTaskTests
{
    private static readonly SamplerOptions Sampler = new() { FewestEntities = 30, MostEntities = 80, MostRelations = 12, MostFacts = 300 };

    private static readonly PretrainingOptions Options = new()
    {
        StepsInEpoch = 6,
        QueriesInStep = 8,
        RelationsInStep = 3,
        WarmUpSteps = 4,
    };

    [TestMethod]
    public void The_loss_is_its_formula()
    {
        using var scope = NewDisposeScope();
        var subgraph = new Subgraph(5, 1, [new(0, 0, 1), new(0, 0, 2)], [new(0, 0, 3), new(0, 0, 4), new(2, 0, 1)]);
        var batch = new QueryBatch(subgraph, [new(0, 0, [3, 4], [3, 4, 1, 2], []), new(2, 0, [1], [1], [])]);
        double[][] scores = [[.5, 2, -1, .25, 1], [-2, .75, 0, 3, .1]];
        double expected = 0;
        foreach ((double[] row, PathTrainingQuery query) in scores.Zip(batch.Queries))
        {
            int[] answers = query.Answers;
            double[] rivals = [.. row.Where((_, entity) => !query.Known.Contains(entity))];
            double total = rivals.Sum(Math.Exp);
            double cross = answers.Average(answer => -Math.Log(Math.Exp(row[answer]) / (Math.Exp(row[answer]) + total)));
            double binary = answers.Average(answer => -Math.Log(Sigmoid(row[answer])))
                + rivals.Sum(rival => Math.Exp(rival) / total * -Math.Log(1 - Sigmoid(rival)));
            expected += (cross + (.5 * binary)) / scores.Length;
        }

        Tensor given = tensor([.. scores.SelectMany(row => row.Select(value => (float)value))], [2, 5]);
        Assert.AreEqual(expected, AnswerLoss.Of(given, batch, .5).item<float>(), 1e-5);

        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }

    [TestMethod]
    public void A_run_that_goes_on_ends_with_the_bits_of_one_that_never_stopped_also_where_it_was_asked_for_less()
    {
        using var folder = new TemporaryFolder();
        float[] whole = Train(folder["whole"], epochs: 2);
        Train(folder["parts"], epochs: 1);
        CollectionAssert.AreEqual(whole, Train(folder["parts"], epochs: 2));
    }

    [TestMethod]
    public void It_learns_what_follows_from_what()
    {
        using var folder = new TemporaryFolder();
        List<double> figures = [];
        Train(folder["run"], epochs: 3, Options with { StepsInEpoch = 40, LearningRate = 5e-3, AverageDecay = .9 }, figures);
        Assert.IsGreaterThan(figures[0], figures[^1]);
    }

    private static float[] Train(string checkpoint, int epochs, PretrainingOptions? options = null, List<double>? figures = null)
    {
        using FoundationModule module = FoundationModule.Create(new FoundationShape(16, 16, 2, 2), new RandomStreams(1));
        var data = new PretrainingData([("rules", Rules())], Sampler);
        using var task = new PretrainingTask(module, options ?? Options, data, (_, figure) => figures?.Add(figure));
        TrainingLoop<QueryBatch>.Run(
            task,
            new TrainingLoopOptions(
                epochs, null, new TrainingCheckpointOptions { Path = checkpoint, Resume = true, KeepsEnd = true }, null)
            {
                KeepBestWeights = false,
            },
            CancellationToken.None);
        return [.. task.Average.Module.parameters().Concat(module.parameters()).SelectMany(Numbers)];
    }

    private static float[] Numbers(Parameter parameter) => [.. parameter.data<float>()];

    /// <summary>Sixty relations; relation 3 k + 2 follows from 3 k and then 3 k + 1.</summary>
    private static KnowledgeGraph Rules()
    {
        const int Entities = 60, Groups = 20;
        var random = new CounterRandom(9);
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, Entities).Select(id => $"e{id}"), Enumerable.Range(0, 3 * Groups).Select(id => $"r{id}"));
        for (int group = 0; group < Groups; group++)
        {
            for (int i = 0; i < 25; i++)
            {
                (int a, int b, int c) = (random.Next(Entities), random.Next(Entities), random.Next(Entities));
                builder.Add(new Triple(a, 3 * group, b));
                builder.Add(new Triple(b, (3 * group) + 1, c));
                builder.Add(new Triple(a, (3 * group) + 2, c));
            }
        }

        return builder.Build();
    }
}

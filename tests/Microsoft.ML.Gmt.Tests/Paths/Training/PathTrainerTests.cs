using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>Training of path models: questions, loss, and what is learned.</summary>
[TestClass]
public sealed class PathTrainerTests
{
    private static readonly PathTrainingOptions Small = new PathTrainingOptions
    {
        StateDimension = 16,
        HiddenDimension = 16,
        NumberOfLayers = 2,
        NumberOfEpochs = 6,
        BatchSize = 16,
        WarmupSteps = 10,
        LearningRate = .01,
        Seed = 3,
    }.Settle(isFineTuning: false, []);

    [TestMethod]
    public void A_small_graph_is_gone_through_more_often_and_questions_are_counted_as_they_are_asked()
    {
        foreach (int chunks in (int[])[1, 4])
        {
            KnowledgeGraph graph = Graphs.Random(30, 3, 160);
            Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
            var queries = new PathQueries(graph, EntityMessages.Build(graph), triples, Small with { QuestionsPerQuery = chunks });
            Assert.AreEqual(queries.Count, PathQueries.CountOf([.. triples, .. triples], chunks));
        }

        PathTrainingOptions options = new();
        Triple[] few = [.. Enumerable.Range(0, 300).Select(i => new Triple(i, 0, i + 1))];
        Triple[] many = [.. Enumerable.Range(0, 40_000).Select(i => new Triple(i, 0, i + 1))];
        Assert.AreEqual(20, options.Settle(isFineTuning: false, few).NumberOfEpochs);
        Assert.AreEqual(5, options.Settle(isFineTuning: false, many).NumberOfEpochs);
        Assert.AreEqual(1, options.Settle(isFineTuning: true, few).NumberOfEpochs);
        Assert.AreEqual(100, options.Settle(isFineTuning: false, many).WarmupSteps);
        Assert.AreEqual(20 * 19 / 5, options.Settle(isFineTuning: false, few).WarmupSteps, "600 questions are 19 steps");
        Assert.AreEqual(7, (options with { NumberOfEpochs = 7 }).Settle(isFineTuning: false, few).NumberOfEpochs);
    }

    [TestMethod]
    public void An_epochs_questions_ask_for_every_answer_once_without_its_edges()
    {
        KnowledgeGraph graph = Graphs.Random(30, 3, 160);
        MessageGraph messages = EntityMessages.Build(graph);
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        var queries = new PathQueries(graph, messages, triples, Small);
        PathTrainingQuery[] epoch = [.. queries.Epoch(2, 0).SelectMany(batch => batch)];
        Assert.HasCount(queries.Count, epoch);
        (int, int, int)[] asked =
            [.. epoch.SelectMany(query => query.Answers.Select(answer => (query.Source, query.Label, answer))).Order()];
        (int, int, int)[] expected =
        [
            .. triples.SelectMany(triple => new[]
            {
                (triple.Head, triple.Relation, triple.Tail), (triple.Tail, triple.Relation + 3, triple.Head),
            }).Distinct().Order(),
        ];
        CollectionAssert.AreEqual(expected, asked);
        foreach (PathTrainingQuery query in epoch)
        {
            CollectionAssert.IsSubsetOf(query.Answers, query.Known);
            foreach (int edge in query.Removed)
            {
                (int one, int other) = (messages.ReceiverOf(edge), messages.Senders[edge]);
                Assert.IsTrue(
                    (one == query.Source && query.Answers.Contains(other)) || (other == query.Source && query.Answers.Contains(one)));
                Assert.AreEqual(query.Label % 3, messages.Labels[edge] % 3);
            }

            // What is left states no answer.
            foreach (int answer in query.Answers)
            {
                Triple stated = query.Label < 3 ? new Triple(query.Source, query.Label, answer)
                    : new Triple(answer, query.Label - 3, query.Source);
                CollectionAssert.IsSubsetOf(EntityMessages.Stating(messages, stated), query.Removed);
            }
        }

        PathTrainingQuery[] rest = [.. queries.Epoch(2, 3).SelectMany(batch => batch)];
        CollectionAssert.AreEqual(
            epoch[(3 * 16)..].Select(query => (query.Source, query.Label, query.Answers[0])).ToArray(),
            rest.Select(query => (query.Source, query.Label, query.Answers[0])).ToArray());
    }

    [TestMethod]
    public void The_loss_is_that_of_each_answer_beside_what_is_not_known()
    {
        using var scope = NewDisposeScope();
        float[] scores = PathNetworks.Numbers(new Random(4), 14, 3);
        PathTrainingQuery[] batch = [new(0, 0, [1, 4], [1, 2, 4], []), new(1, 0, [0], [0, 1, 2, 3, 4, 5, 6], [])];
        Tensor given = tensor(scores).view(2, 7).requires_grad_();
        Tensor loss = new RivalScores(given, batch).CrossEntropy();
        double Rivals(int answer) => Math.Exp(scores[answer]) + new[] { 0, 3, 5, 6 }.Sum(entity => Math.Exp(scores[entity]));
        double expected = new[] { 1, 4 }.Average(answer => Math.Log(Rivals(answer)) - scores[answer]) / 2;
        Assert.AreEqual(expected, loss.item<float>(), 1e-5);
        loss.backward();
        float[] gradient = given.grad!.data<float>().ToArray();
        Assert.IsTrue(gradient.All(float.IsFinite));
        Assert.IsTrue(gradient[7..].All(value => value == 0), "nothing stands against the second question's answer");
        Assert.AreEqual(0f, gradient[2], "a known answer that is not asked for");
        Assert.IsLessThan(0, gradient[1]);
    }

    [TestMethod]
    [DataRow(0.0, .5)]
    [DataRow(.5, 2.0 / 3)]
    [DataRow(1.0, .8)]
    public void A_question_weighs_by_how_many_answers_it_has(double power, double share)
    {
        using var scope = NewDisposeScope();
        float[] scores = PathNetworks.Numbers(new Random(5), 14, 3);
        PathTrainingQuery[] batch = [new(0, 0, [0, 1, 2, 3], [0, 1, 2, 3], []), new(1, 0, [6], [6], [])];
        double loss = new RivalScores(tensor(scores).view(2, 7), batch, power).CrossEntropy().item<float>();
        double Of(int row, int[] answers) => answers.Average(answer => Math.Log(
            Math.Exp(scores[(7 * row) + answer])
            + Enumerable.Range(0, 7).Except(answers).Sum(entity => Math.Exp(scores[(7 * row) + entity]))) - scores[(7 * row) + answer]);
        Assert.AreEqual((share * Of(0, [0, 1, 2, 3])) + ((1 - share) * Of(1, [6])), loss, 1e-5);
    }

    [TestMethod]
    public void A_model_scores_as_it_did_in_training()
    {
        using var scope = NewDisposeScope();
        KnowledgeGraph graph = Graphs.Random(40, 3, 200);
        MessageGraph messages = EntityMessages.Build(graph);
        using TrainedModule module = TrainedModule.Create(PathTrainer.ShapeOf(Small, graph), messages, new RandomStreams(8));
        Triple triple = graph.Triples(GraphSplit.Train)[5];
        int[] removed = EntityMessages.Stating(messages, triple);
        PathTrainingQuery[] queries =
            [new(triple.Head, triple.Relation, [], [], removed), new(triple.Tail, triple.Relation + 3, [], [], removed)];
        float[] expected = module.Scores(queries).contiguous().data<float>().ToArray();
        using var scorer = new PathScorer(module.Snapshot(PathModelOrigin.TrainedFrom(null)), graph);
        float[] tails = new float[40], heads = new float[40];
        scorer.ScoreBothSides(new[] { triple }, QueryMask.Full, heads, tails);
        UltraGolden.AreNear(expected.AsSpan(0, 40), tails, 1e-4, "tails");
        UltraGolden.AreNear(expected.AsSpan(40, 40), heads, 1e-4, "heads");
        float[] alone = new float[1], head = new float[1];
        scorer.ScoreSides([triple], QueryMask.Full, head, alone);
        Assert.AreEqual(tails[triple.Tail], alone[0]);
    }

    [TestMethod]
    public void A_rule_of_two_steps_is_learned_and_equal_seeds_give_equal_bits()
    {
        KnowledgeGraph graph = Grandparents();
        Triple[] train = graph.Triples(GraphSplit.Train).ToArray();
        (PathModel model, TrainingResult result) = PathTrainer.Train(graph, null, Small, train, []);
        (PathModel again, _) = PathTrainer.Train(graph, null, Small, train, []);
        Assert.HasCount(6 * ((result.RowsPerEpoch + 15) / 16), result.History.Steps);
        Assert.IsGreaterThan(.8, Rank(graph, model));
        (PathModel untrained, _) = PathTrainer.Train(graph, null, Small with { NumberOfEpochs = 0 }, train, []);
        Assert.IsLessThan(.5, Rank(graph, untrained));
        foreach ((KeyValuePair<string, PathTensor> one, KeyValuePair<string, PathTensor> other) in model.Tensors.Zip(again.Tensors))
        {
            CollectionAssert.AreEqual(one.Value.Values, other.Value.Values, one.Key);
        }
    }

    [TestMethod]
    public void A_run_that_was_cut_short_goes_on_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        KnowledgeGraph graph = Grandparents();
        Triple[] train = graph.Triples(GraphSplit.Train).ToArray(), test = graph.Triples(GraphSplit.Test).ToArray();
        PathTrainingOptions options = Small with { NumberOfEpochs = 2 };
        (PathModel expected, _) = PathTrainer.Train(graph, null, options, train, test);
        using var cancellation = new CancellationTokenSource();
        var stop = new Stop(cancellation, step: 7);
        PathTrainingOptions kept = options with { Checkpoint = new TrainingCheckpointOptions { Path = folder["state"] }, Progress = stop };
        (_, TrainingResult first) = PathTrainer.Train(graph, null, kept, train, test, cancellationToken: cancellation.Token);
        Assert.IsTrue(first.IsCancelled);
        kept = kept with { Checkpoint = kept.Checkpoint with { Resume = true }, Progress = null };
        (PathModel model, _) = PathTrainer.Train(graph, null, kept, train, test);
        foreach ((KeyValuePair<string, PathTensor> one, KeyValuePair<string, PathTensor> other) in expected.Tensors.Zip(model.Tensors))
        {
            CollectionAssert.AreEqual(one.Value.Values, other.Value.Values, one.Key);
        }
    }

    private static double Rank(KnowledgeGraph graph, PathModel model)
    {
        using var scorer = new PathScorer(model, graph);
        return EntityRanking.MeanReciprocalRank(
            EntityRanking.Rank(scorer, graph.Triples(GraphSplit.Test).ToArray(), new KnownTriples(graph), QueryMask.Full));
    }

    // a parent of b, b parent of c: a grandparent of c. Of the grandparents a sixth is asked for.
    private static KnowledgeGraph Grandparents()
    {
        var random = new Random(12);
        var builder = new KnowledgeGraphBuilder();
        const int People = 60;
        (int Parent, int Child)[] parents = [.. Enumerable.Range(8, People - 8).SelectMany(child =>
            new[] { (random.Next(child / 2), child), (random.Next(child / 2), child) }).Distinct()];
        foreach ((int parent, int child) in parents)
        {
            builder.Add($"p{parent}", "parent of", $"p{child}", GraphSplit.Train);
        }

        (int, int)[] grandparents =
        [
            .. parents.SelectMany(one => parents.Where(other => other.Parent == one.Child).Select(other => (one.Parent, other.Child)))
                .Distinct(),
        ];
        for (int i = 0; i < grandparents.Length; i++)
        {
            builder.Add(
                $"p{grandparents[i].Item1}", "grandparent of", $"p{grandparents[i].Item2}",
                i % 6 == 0 ? GraphSplit.Test : GraphSplit.Train);
        }

        return builder.Build();
    }

    private sealed class Stop(CancellationTokenSource source, int step) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
            {
                source.Cancel();
            }
        }
    }
}

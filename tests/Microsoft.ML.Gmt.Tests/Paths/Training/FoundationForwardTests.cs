using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Paths;

[TestClass]
public sealed class FoundationForwardTests
{
    private static readonly KnowledgeGraph Graph = Graphs.Random(30, 4, 90);

    [TestMethod]
    public void Scores_in_training_are_those_of_the_scorer_with_and_without_edges()
    {
        using var scope = NewDisposeScope();
        FoundationModel model = TinyPathModel.Model();
        using FoundationModule module = FoundationModule.From(model);
        using var scorer = new PathScorer(model, Graph);
        using FoundationGraph graph = new(EntityMessages.Build(Graph));
        Triple[] triples = Graph.Triples(GraphSplit.Train)[..6].ToArray();
        int entities = Graph.Entities.Count, relations = Graph.Relations.Count;
        foreach (QueryMask mask in new[] { QueryMask.None, QueryMask.Full })
        {
            float[] heads = new float[triples.Length * entities], tails = new float[heads.Length];
            scorer.ScoreBothSides(triples, mask, heads, tails);
            int[][] removed = [.. triples.Select(triple => mask.Edges ? EntityMessages.Stating(graph.Entities, triple) : [])];
            PathTrainingQuery[] queries =
            [
                .. triples.Select((triple, i) => new PathTrainingQuery(triple.Head, triple.Relation, [], [], removed[i])),
                .. triples.Select((triple, i) => new PathTrainingQuery(triple.Tail, triple.Relation + relations, [], [], removed[i])),
            ];
            float[] scores = FoundationForward.Scores(module, graph, queries).data<float>().ToArray();
            UltraGolden.AreNear([.. tails, .. heads], scores, 1e-4, $"mask {mask.Edges}");
        }
    }

    [TestMethod]
    public void Every_weight_has_a_gradient_as_finite_differences_have_it()
    {
        using var scope = NewDisposeScope();
        using FoundationModule module = FoundationModule.Create(new FoundationShape(16, 16, 2, 2), new RandomStreams(3));
        using FoundationGraph graph = new(EntityMessages.Build(Graph));
        PathTrainingQuery[] queries = [new(1, 0, [], [], []), new(7, 3, [], [], []), new(2, 6, [], [], [])];
        Tensor Loss() => FoundationForward.Scores(module, graph, queries).tanh().mean();
        Loss().backward();
        var random = new Random(1);
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            // Along a random direction: one figure takes in all numbers of a tensor.
            Tensor direction = tensor(PathNetworks.Numbers(random, (int)parameter.numel(), 1), parameter.shape);
            double along = (parameter.grad! * direction).sum().item<float>();
            using IDisposable inference = no_grad();
            double At(double step)
            {
                parameter.add_(direction, step);
                double value = Loss().item<float>();
                parameter.add_(direction, -step);
                return value;
            }

            const double Step = 2e-3;
            double difference = (At(Step) - At(-Step)) / (2 * Step);
            Assert.AreEqual(difference, along, (.05 * Math.Abs(difference)) + 2e-4, name);
            Assert.AreNotEqual(0, parameter.grad!.abs().max().item<float>(), name);
        }
    }

    [TestMethod]
    public void What_was_trained_reads_back_as_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using FoundationModule module = FoundationModule.Create(new FoundationShape(16, 32, 2, 3), new RandomStreams(5));
        SafetensorsWriter.Write(folder["trained.safetensors"], module.Parts());
        FoundationModel model = FoundationCheckpoint.Read(folder["trained.safetensors"]);
        Assert.AreEqual(module.Shape, model.Shape);
        Assert.AreEqual(module.parameters().Sum(parameter => parameter.numel()), model.ParameterCount);
        using FoundationModule again = FoundationModule.From(model), copy = FoundationModule.Copy(module);
        using FoundationModule kept = FoundationModule.From(module.ToModel(PathModelOrigin.TrainedFrom(null)));
        foreach (FoundationModule other in new[] { again, copy, kept })
        {
            foreach ((Parameter one, Parameter two) in module.parameters().Zip(other.parameters()))
            {
                Assert.IsTrue(Same(one, two));
            }
        }
    }

    [TestMethod]
    public void Equal_seeds_give_equal_modules_and_others_do_not()
    {
        FoundationShape shape = new(16, 16, 1, 1);
        using FoundationModule one = FoundationModule.Create(shape, new RandomStreams(1));
        using FoundationModule same = FoundationModule.Create(shape, new RandomStreams(1));
        using FoundationModule other = FoundationModule.Create(shape, new RandomStreams(2));
        Assert.IsTrue(Same(one.RelationLabels, same.RelationLabels));
        Assert.IsFalse(Same(one.RelationLabels, other.RelationLabels));
    }

    private static bool Same(Tensor one, Tensor other) => one.eq(other).all().item<bool>();
}

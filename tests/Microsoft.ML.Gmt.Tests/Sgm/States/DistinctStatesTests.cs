using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>Encoding each distinct state once gives what encoding every edge gives.</summary>
[TestClass]
public sealed class DistinctStatesTests
{
    private static readonly Gen<(KnowledgeGraph Graph, SgmOptions Options, int RelationWidth, int Seed)> Cases =
        from graph in Graphs.Arbitrary.Generator
        from layers in Gen.Choose(0, 2)
        from heads in Gen.Elements(1, 2, 4)
        from topK in Gen.Choose(1, 5)
        from trainable in Gen.Elements(true, false)
        from width in Gen.Elements(8, 5)
        from seed in Gen.Choose(1, 1000)
        select (graph, new SgmOptions { GraphDimension = 8, Layers = layers, Heads = heads, TopK = topK, TrainableRelationSemantics = trainable, Dropout = 0 }, width, seed);

    [TestMethod]
    public void Entity_vectors_and_gradients_equal_those_of_every_edge_on_its_own() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(Arb.From(Cases), test =>
        {
            using var scope = NewDisposeScope();
            using SgmModule module = SgmModels.Create(test.Graph, test.Options, test.RelationWidth, test.Seed);
            using Generator generator = new(3);
            GraphEdgeStates states = new GraphEdgeStateIndex(test.Graph, module).Current;
            Tensor weights = randn([test.Graph.Entities.Count, test.Options.GraphDimension], generator: generator);

            Tensor expected = new NaiveSgm(module).Entities(test.Graph);
            Dictionary<string, Tensor> expectedGradients = Gradients(module, expected, weights);
            Tensor actual = new SgmForward(module, states).EncodeAllEntities();
            Dictionary<string, Tensor> gradients = Gradients(module, actual, weights);

            Near.Absolute(expected, actual, 2e-5, "entity vectors");
            foreach ((string name, Tensor gradient) in expectedGradients)
            {
                // Query and key have none: the softmax over one key is constant.
                int skip = name.Contains("in_proj", StringComparison.Ordinal) ? 2 * test.Options.GraphDimension : 0;
                Near.Absolute(
                    gradient.narrow(0, skip, gradient.size(0) - skip), gradients[name].narrow(0, skip, gradient.size(0) - skip),
                    2e-4 * Math.Max(1, gradient.abs().max().item<float>()), $"gradient of {name}");
            }
        }));

    [TestMethod]
    public void A_batch_of_few_entities_gives_the_vectors_that_all_entities_give() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(Arb.From(Cases), test =>
        {
            using var scope = NewDisposeScope();
            using SgmModule module = SgmModels.Create(test.Graph, test.Options, test.RelationWidth, test.Seed);
            GraphEdgeStates states = new GraphEdgeStateIndex(test.Graph, module).Current;
            Tensor all = new SgmForward(module, states).EncodeAllEntities();
            for (int entity = 0; entity < test.Graph.Entities.Count; entity++)
            {
                Near.Absolute(
                    all[entity], new SgmForward(module, states).EncodeEntities([entity, entity])[1], 1e-5, $"entity {entity} alone");
            }
        }));

    [TestMethod]
    public void An_entity_without_edges_has_the_vector_0()
    {
        using var scope = NewDisposeScope();
        var builder = new KnowledgeGraphBuilder(["a", "b", "alone"], ["r"]);
        builder.Add(new Triple(0, 0, 1));
        KnowledgeGraph graph = builder.Build();
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8 }, 8);
        Tensor vectors = new SgmForward(module, new GraphEdgeStateIndex(graph, module).Current).EncodeAllEntities();
        Assert.AreEqual(0f, vectors[2].abs().max().item<float>());
        Assert.AreNotEqual(0f, vectors[0].abs().max().item<float>());
    }

    [TestMethod]
    public void Nothing_gives_nothing_and_ids_of_no_graph_are_refused()
    {
        using var scope = NewDisposeScope();
        KnowledgeGraph graph = Graphs.Random(entities: 5, relations: 2, triples: 9);
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8 }, 8);
        GraphEdgeStates states = new GraphEdgeStateIndex(graph, module).Current;
        CollectionAssert.AreEqual(new long[] { 0 }, new SgmForward(module, states).Score([]).shape);
        CollectionAssert.AreEqual(new long[] { 0, 8 }, new SgmForward(module, states).EncodeEntities([]).shape);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SgmForward(module, states).Score([new Triple(0, 2, 1)]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SgmForward(module, states).Score([new Triple(5, 0, 1)]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SgmForward(module, states).EncodeEntities([-1]));
    }

    [TestMethod]
    public void Sparse_products_equal_those_of_ATen_forward_and_backward()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(5);
        KnowledgeGraph graph = Graphs.Random(entities: 300, relations: 9, triples: 2_000);
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8 }, 8);
        SparseMatrix matrix = new GraphEdgeStateIndex(graph, module).Current.StateShares;
        Tensor own = randn([matrix.ColumnCount, 24], generator: generator).requires_grad_(true);
        Tensor theirs = own.detach().clone().requires_grad_(true);
        Tensor weights = randn([matrix.RowCount, 24], generator: generator);

        Tensor product = SparseProduct.Multiply(matrix, own), oracle = SparseProduct.MultiplyByIndex(matrix, theirs);
        Near.Absolute(oracle, product, 1e-5, "product");
        (product * weights).sum().backward();
        (oracle * weights).sum().backward();
        Near.Absolute(theirs.grad!, own.grad!, 1e-5, "gradient");
    }

    [TestMethod]
    public void Triple_scores_equal_those_of_ATen_forward_and_backward()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using Generator generator = new(6);
        Triple[] triples = Graphs.Random(entities: 30, relations: 4, triples: 900).Triples(GraphSplit.Train).ToArray();
        Tensor[] own =
            [randn([40, 21], generator: generator).requires_grad_(true), randn([5, 21], generator: generator).requires_grad_(true)];
        Tensor[] theirs = [own[0].detach().clone().requires_grad_(true), own[1].detach().clone().requires_grad_(true)];
        Tensor weights = randn([triples.Length], generator: generator);

        Tensor scores = DistMult.Score(own[0], own[1], triples), oracle = DistMult.ByIndex(theirs[0], theirs[1], triples);
        Near.Absolute(oracle, scores, 1e-5, "scores");
        (scores * weights).sum().backward();
        (oracle * weights).sum().backward();
        Near.Relative(theirs[0].grad!, own[0].grad!, 1e-5, "gradient of entities");
        Near.Relative(theirs[1].grad!, own[1].grad!, 1e-5, "gradient of relations");
    }

    private static Dictionary<string, Tensor> Gradients(SgmModule module, Tensor vectors, Tensor weights)
    {
        module.zero_grad();
        if (vectors.requires_grad)
        {
            (vectors * weights).sum().backward();
        }

        return module.named_parameters().Where(pair => pair.parameter.requires_grad)
            .ToDictionary(pair => pair.name, pair => pair.parameter.grad?.clone() ?? zeros_like(pair.parameter));
    }
}

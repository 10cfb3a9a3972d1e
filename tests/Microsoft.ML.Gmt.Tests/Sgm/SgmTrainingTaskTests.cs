using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Memory;
using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>What a run of stage 1 tells of itself, so that a checkpoint of another one is refused.</summary>
[TestClass]
public sealed class SgmTrainingTaskTests
{
    private static readonly SgmOptions Shape = new() { GraphDimension = 8, Layers = 1, Heads = 2, TopK = 2 };
    private static readonly KnowledgeGraph Graph = TinyGmt.People();
    private static readonly Triple[] Triples = Graph.Triples(GraphSplit.Train).ToArray();

    [TestMethod]
    public void All_options_count()
    {
        (string Name, string Value)[] identity = Identity();
        CollectionAssert.AllItemsAreUnique(identity.Select(entry => entry.Name).ToArray());
        CollectionAssert.IsSubsetOf(ResumeFingerprint.Of(new SgmTrainingOptions()).ToArray(), identity);
        CollectionAssert.IsSubsetOf(ResumeFingerprint.Of(Shape, "graph module").ToArray(), identity);
        CollectionAssert.IsSubsetOf(GraphIdentity.Of(Graph).ToArray(), identity);
        CollectionAssert.Contains(identity, ("device", "cpu"));
    }

    [TestMethod]
    public void Rows_and_frozen_weights_count_and_weights_that_are_trained_do_not()
    {
        AssertDiffers(Identity(triples: Triples[1..]), "training triples");
        AssertDiffers(Identity(triples: [.. Triples.Reverse()]), "training triples");
        AssertDiffers(Identity(validation: [Triples[0]]), "validation triples");
        AssertDiffers(Identity(change: module => Touch(module, "rel_semantic.weight")), "frozen weights");
        AssertDiffers(Identity(change: module => Touch(module, "layers.0.linear1.weight")));
    }

    private static void Touch(SgmModule module, string name)
    {
        using IDisposable inference = no_grad();
        module.named_parameters().Single(pair => pair.name == name).parameter.add_(1);
    }

    private static void AssertDiffers((string, string)[] other, params string[] names) =>
        CollectionAssert.AreEquivalent(names, other.Except(Identity()).Select(entry => entry.Item1).ToArray());

    private static (string Name, string Value)[] Identity(
        Triple[]? triples = null, Triple[]? validation = null, Action<SgmModule>? change = null)
    {
        using SgmModule module = SgmModels.Create(Graph, Shape, 12);
        change?.Invoke(module);
        using var task = new SgmTrainingTask(
            module, Graph, new GraphEdgeStateIndex(Graph, module), new SgmTrainingOptions(), triples ?? Triples, validation ?? []);
        return [.. task.Identity()];
    }
}

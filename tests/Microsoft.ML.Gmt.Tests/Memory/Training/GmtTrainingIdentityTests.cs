using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>What a run of stage 2 tells of itself, so that a checkpoint of another one is refused.</summary>
[TestClass]
public sealed class GmtTrainingIdentityTests
{
    private static readonly TokenizedRow[] Rows = [new([1, 7, 3], 2, new Triple(0, 0, 1)), new([1, 7, 4], 2, new Triple(1, 0, 2))];

    [TestMethod]
    public void All_options_and_the_configuration_of_the_base_model_count()
    {
        using var tiny = new TinyGmt();
        (string Name, string Value)[] identity = [.. GmtTrainingIdentity.Of(tiny.Model, new GmtTrainingOptions(), Rows, [])];
        CollectionAssert.AllItemsAreUnique(identity.Select(entry => entry.Name).ToArray());
        CollectionAssert.IsSubsetOf(ResumeFingerprint.Of(new GmtTrainingOptions()).ToArray(), identity);
        CollectionAssert.IsSubsetOf(ResumeFingerprint.Of(TinyGmt.Options).ToArray(), identity);
        CollectionAssert.IsSubsetOf(ResumeFingerprint.Of(tiny.Model.Encoder.GraphModule.Options, "graph module").ToArray(), identity);
        CollectionAssert.IsSubsetOf(ResumeFingerprint.Of(tiny.BaseModel.Config, "base model").ToArray(), identity);
        CollectionAssert.IsSubsetOf(GraphIdentity.Of(tiny.Graph).ToArray(), identity);
        CollectionAssert.Contains(identity, ("device", "cpu"));
    }

    [TestMethod]
    public void Every_part_of_a_row_counts()
    {
        AssertDiffers(Identity([Rows[0]]), "training rows");
        AssertDiffers(Identity([Rows[1], Rows[0]]), "training rows");
        AssertDiffers(Identity([Rows[0], Rows[1] with { ContextLength = 1 }]), "training rows");
        AssertDiffers(Identity([Rows[0], Rows[1] with { Ids = [1, 7, 3] }]), "training rows");
        AssertDiffers(Identity([Rows[0], Rows[1] with { Query = new Triple(1, 1, 2) }]), "training rows");
        AssertDiffers(Identity([Rows[0], Rows[1] with { Query = new TripleQuery(Rows[1].Triple, new Triple(1, 1, 2)) }]), "training rows");
        AssertDiffers(Identity(validation: Rows), "validation rows");
    }

    [TestMethod]
    public void Weights_that_stay_as_they_are_count_and_weights_that_are_trained_do_not()
    {
        AssertDiffers(Identity(change: tiny => Touch(tiny.BaseModel.parameters().Last())), "base model weights");
        AssertDiffers(Identity(change: tiny => Touch(tiny.Model.Encoder.GraphModule.parameters().First())), "frozen weights");
        AssertDiffers(Identity(change: tiny => Touch(tiny.Model.MemoryLayers.Values.First().Gate)));
    }

    private static void Touch(Parameter parameter)
    {
        using IDisposable inference = no_grad();
        parameter.add_(1);
    }

    private static void AssertDiffers((string, string)[] other, params string[] names) =>
        CollectionAssert.AreEquivalent(names, other.Except(Identity()).Select(entry => entry.Item1).ToArray());

    private static (string Name, string Value)[] Identity(
        TokenizedRow[]? rows = null, TokenizedRow[]? validation = null, Action<TinyGmt>? change = null)
    {
        using var tiny = new TinyGmt();
        change?.Invoke(tiny);
        using var task = new GmtTrainingTask(tiny.Model, GmtTrainingOptions.Reference, rows ?? Rows, validation ?? []);
        return [.. task.Identity()];
    }
}

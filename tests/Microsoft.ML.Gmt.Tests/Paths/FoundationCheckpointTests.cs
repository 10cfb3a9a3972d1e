using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Paths;

[TestClass]
public sealed class FoundationCheckpointTests
{
    [TestMethod]
    [DataRow("3g", "FB15k-237, WN18RR, CoDEx-M")]
    [DataRow("4g", "FB15k-237, WN18RR, CoDEx-M, NELL-995")]
    [DataRow("50g", "FB15k-237, WN18RR, CoDEx-M, NELL-995, YAGO3-10")]
    public void Published_checkpoints_have_their_parameters_and_say_what_they_saw(string checkpoint, string graphs)
    {
        FoundationModel model = UltraGolden.Model(checkpoint);
        Assert.AreEqual(168_705, model.ParameterCount);
        Assert.AreEqual(new FoundationShape(64, 128, 6, 6), model.Shape);
        Assert.AreEqual($"ultra_{checkpoint}.pth", model.Origin.FileName);
        StringAssert.StartsWith(string.Join(", ", model.Origin.PretrainedOn!), graphs);
        StringAssert.StartsWith(model.Origin.ToString(), "pre-trained on FB15k-237, WN18RR");
        Assert.AreEqual(checkpoint == "50g", model.Origin.PretrainedOn!.Contains("CoDEx-S"));
    }

    [TestMethod]
    public void Of_another_file_nobody_knows_what_it_saw()
    {
        PathModelOrigin origin = TinyPathModel.Model().Origin;
        Assert.IsNull(origin.PretrainedOn);
        Assert.AreEqual("what it was trained on is not known", origin.ToString());
        Assert.AreEqual(64, origin.Sha256.Length);
    }

    [TestMethod]
    public void A_safetensors_file_with_the_same_names_is_the_same_model()
    {
        using var folder = new TemporaryFolder();
        FoundationModel one = FoundationCheckpoint.Read(TinyPathModel.Write(folder["a.pth"]));
        FoundationModel other = FoundationCheckpoint.Read(TinyPathModel.Write(folder["a.safetensors"]));
        Dictionary<string, PathTensor> tensors = other.Tensors.ToDictionary();
        foreach ((string name, PathTensor tensor) in one.Tensors)
        {
            CollectionAssert.AreEqual(tensor.Values, tensors[name].Values);
            CollectionAssert.AreEqual(tensor.Shape.ToArray(), tensors[name].Shape.ToArray());
        }

        Assert.AreNotEqual(one.Origin.Sha256, other.Origin.Sha256);
    }

    [TestMethod]
    [DataRow("missing", "entity_model.layers.1.linear.bias", "lacks this tensor")]
    [DataRow("surplus", "entity_model.gate", "no such tensor")]
    [DataRow("shape", "entity_model.layers.2.relation_projection.2.weight", "[16, 16] is expected")]
    [DataRow("flat", "relation_model.layers.0.relation.weight", "too few dimensions")]
    [DataRow("narrow", "relation_model.layers.0.relation.weight", "multiples of 16")]
    [DataRow("nan", "entity_model.mlp.2.weight", "not finite")]
    [DataRow("whole", "entity_model.mlp.2.weight", "floating-point")]
    public void A_file_that_does_not_fit_is_refused_by_the_tensors_name(string fault, string name, string problem)
    {
        using var folder = new TemporaryFolder();
        string path = TinyPathModel.Write(folder["bad.pth"], tensors =>
        {
            switch (fault)
            {
                case "missing": tensors.Remove(name); break;
                case "surplus": tensors.Add(name, zeros(3)); break;
                case "shape": tensors[name] = zeros(16, 15); break;
                case "flat": tensors[name] = zeros(64); break;
                case "narrow": tensors[name] = zeros(4, 15); break;
                case "nan": tensors[name] = tensors[name] * float.NaN; break;
                default: tensors[name] = zeros([1, 32], ScalarType.Int32); break;
            }
        });
        WeightFileException error = Assert.ThrowsExactly<WeightFileException>(() => FoundationCheckpoint.Read(path));
        Assert.AreEqual(name, error.TensorName);
        StringAssert.Contains(error.Message, path);
        StringAssert.Contains(error.Message, problem);
    }

    [TestMethod]
    public void A_file_of_another_kind_is_refused()
    {
        using var folder = new TemporaryFolder();
        string bare = TinyPathModel.Write(folder["bare.pth"], key: null);
        StringAssert.Contains(Assert.ThrowsExactly<WeightFileException>(() => FoundationCheckpoint.Read(bare)).Message, "'model'");
        folder.With("text.pth", "not a checkpoint");
        Assert.ThrowsExactly<WeightFileException>(() => FoundationCheckpoint.Read(folder["text.pth"]));
        Assert.ThrowsExactly<FileNotFoundException>(() => FoundationCheckpoint.Read(folder["none.pth"]));
    }
}

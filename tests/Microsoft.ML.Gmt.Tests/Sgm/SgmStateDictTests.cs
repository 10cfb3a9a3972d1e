using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class SgmStateDictTests
{
    [TestMethod]
    [GoldenCases("reference/sgm", "sgm_state.pth")]
    public void Reference_checkpoints_load_and_are_written_as_they_were(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new SgmGolden(folder);
        string checkpoint = Path.Combine(folder, "sgm_state.pth");
        using SgmModule module = golden.Module(golden.Has("final.safetensors") ? "final.safetensors" : "weights.safetensors");
        IReadOnlyDictionary<string, Tensor> stored = TorchFile.LoadStateDict(checkpoint, "sgm");
        using var folderForCopies = new TemporaryFolder();
        foreach (string name in new[] { "sgm_state.pth", "sgm.safetensors" })
        {
            using SgmModule read = golden.Module(golden.Has("final.safetensors") ? "final.safetensors" : "weights.safetensors");
            using (no_grad())
            {
                foreach (Tensor parameter in read.parameters())
                {
                    parameter.zero_();
                }
            }

            SgmStateDict.Read(read, checkpoint);
            string copy = Path.Combine(folderForCopies.Path, name);
            SgmStateDict.Write(read, copy);
            SgmStateDict.Read(module, copy);
            foreach ((string parameter, Tensor value) in SgmStateDict.Of(module))
            {
                Near.Absolute(stored[parameter], value, 0, parameter);
            }
        }

        CollectionAssert.AreEqual(
            stored.Keys.ToArray(), TorchFile.LoadStateDict(Path.Combine(folderForCopies.Path, "sgm_state.pth"), "sgm").Keys.ToArray());
    }

    [TestMethod]
    public void Missing_unexpected_and_misshapen_weights_are_all_named_and_nothing_is_changed()
    {
        using var scope = NewDisposeScope();
        KnowledgeGraph graph = Graphs.Random(5, 3, 12);
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, Layers = 1 }, 8);
        Dictionary<string, Tensor> weights = SgmStateDict.Of(module).ToDictionary(pair => pair.Key, pair => zeros_like(pair.Value));
        float before = module.RelationVectors().abs().sum().item<float>();
        weights.Remove("layers.0.norm1.bias");
        weights["layers.1.norm1.bias"] = zeros(8);
        weights["layers.0.linear1.weight"] = zeros(16, 8);
        string message = Assert.ThrowsExactly<WeightFileException>(() => SgmStateDict.Load(module, weights, "here.pth")).Message;
        foreach (string part in new[] { "here.pth", "missing 'layers.0.norm1.bias'", "unexpected 'layers.1.norm1.bias'", "'layers.0.linear1.weight' is [16, 8]", "[32, 8]" })
        {
            StringAssert.Contains(message, part);
        }

        Assert.AreEqual(before, module.RelationVectors().abs().sum().item<float>());
    }

    [TestMethod]
    public void The_parameters_are_those_of_the_reference()
    {
        KnowledgeGraph graph = Graphs.Random(5, 3, 12);
        using SgmModule plain = SgmModels.Create(graph, new SgmOptions(), 256);
        using SgmModule projected = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, Layers = 1 }, 5);
        ShapeSnapshot.Check(plain, "sgm");
        ShapeSnapshot.Check(projected, "sgm-projected");
    }
}

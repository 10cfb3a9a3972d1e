using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

[TestClass]
public sealed class WeightStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_model_gives_the_same_tensors_from_every_file_it_is_stored_in()
    {
        int compared = 0;
        foreach (string model in Goldens.Cases("llm/llama"))
        {
            using WeightStore main = WeightStore.Open(model);
            string[] others =
            [
                .. Directory.GetFiles(model, "*.bin"), .. Directory.GetFiles(model, "state_dict.pth"),
                .. Directory.GetDirectories(model).Where(folder => Directory.GetFiles(folder, "pytorch_model*").Length > 0),
            ];
            foreach (string other in others)
            {
                using DisposeScope scope = NewDisposeScope();
                using WeightStore store = WeightStore.Open(other);
                foreach (string name in main.Names)
                {
                    WeightGoldens.AssertSame(main.Get(name), store.Get(name), $"{other} {name}");
                    CollectionAssert.AreEqual(main.Info(name).Shape, store.Info(name).Shape, name);
                    compared++;
                }
            }
        }

        if (compared == 0)
        {
            Goldens.Missing("llm/llama/*/pytorch_model*");
        }
    }

    [TestMethod]
    public void A_shard_that_is_missing_or_lacks_a_promised_tensor_is_an_error_that_names_it()
    {
        WriteOne("shard-1.safetensors", "a");
        string index = WriteIndex("""{"weight_map": {"a": "shard-1.safetensors", "b": "shard-2.safetensors"}}""");
        FileNotFoundException missing = Assert.ThrowsExactly<FileNotFoundException>(() => WeightStore.Open(_folder.Path));
        StringAssert.Contains(missing.Message, "shard-2.safetensors");

        WriteOne("shard-2.safetensors", "c");
        WeightFileException lacking = Assert.ThrowsExactly<WeightFileException>(() => WeightStore.Open(index));
        Assert.AreEqual("b", lacking.TensorName);
        StringAssert.Contains(lacking.Message, "shard-2.safetensors");
    }

    [TestMethod]
    [DataRow("""{"weight_map": {"a": "../outside.safetensors"}}""")]
    [DataRow("""{"weight_map": {"a": "/etc/passwd"}}""")]
    [DataRow("""{"weight_map": {"a": "..\\outside.safetensors"}}""")]
    [DataRow("""{"weight_map": {"a": 3}}""")]
    [DataRow("""{"weight_map": {"a": "nul\u0000.safetensors"}}""")]
    [DataRow("""{"weight_map": {"a": "line\n.safetensors"}}""")]
    [DataRow("""{"weight_map": {"a": "\ud800"}}""")]
    [DataRow("""{"weight_map": {"a\udfff": "shard-1.safetensors"}}""")]
    [DataRow("""{"weight_map": {"a": "x.safetensors", "a": "y.safetensors"}}""")]
    [DataRow("""{"weight_map": null}""")]
    [DataRow("""{"weight_map": []}""")]
    [DataRow("""{"weights": {}}""")]
    [DataRow("""[]""")]
    [DataRow("""{""")]
    public void A_malformed_index_is_an_error_that_names_it(string json)
    {
        string index = WriteIndex(json);
        WeightFileException error = Assert.ThrowsExactly<WeightFileException>(() => WeightStore.Open(index));
        StringAssert.Contains(error.Message, Path.GetFileName(index));
    }

    [TestMethod]
    public void A_name_that_no_file_system_takes_is_refused_as_a_name()
    {
        string index = WriteIndex($$$"""{"weight_map": {"a": "{{{new string('x', 300)}}}"}}""");
        StringAssert.Contains(
            Assert.ThrowsExactly<WeightFileException>(() => WeightStore.Open(index)).Message,
            "is not the name of a file in the same folder");
    }

    [TestMethod]
    public void A_folder_without_weights_and_an_unknown_name_are_errors()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => WeightStore.Open(_folder.Path)).Message, "model.safetensors");
        WriteOne("model.safetensors", "a");
        using WeightStore store = WeightStore.Open(_folder.Path);
        StringAssert.Contains(Assert.ThrowsExactly<KeyNotFoundException>(() => store.Get("b")).Message, "'b'");
    }

    [TestMethod]
    public void A_failed_opening_leaves_no_mapping_behind()
    {
        int before = WeightBytes.LiveCount;
        WriteOne("shard-1.safetensors", "a");
        string index = WriteIndex("""{"weight_map": {"a": "shard-1.safetensors", "b": "shard-1.safetensors"}}""");
        Assert.ThrowsExactly<WeightFileException>(() => WeightStore.Open(index));
        Assert.AreEqual(before, WeightBytes.LiveCount);
    }

    private void WriteOne(string file, string name)
    {
        using Tensor tensor = ones(2);
        SafetensorsWriter.Write(_folder[file], new Dictionary<string, Tensor> { [name] = tensor });
    }

    private string WriteIndex(string json) => _folder.Write("model.safetensors.index.json", json);
}

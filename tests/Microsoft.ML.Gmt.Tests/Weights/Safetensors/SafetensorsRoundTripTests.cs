using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

[TestClass]
public sealed class SafetensorsRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(" {}", false)]
    [DataRow("\n{}", false)]
    [DataRow("\uFEFF{}", false)]
    [DataRow("{} ", true)]
    [DataRow("{}      ", true)]
    public void A_header_begins_with_a_brace_and_may_end_with_blanks(string header, bool right)
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes(header);
        string path = _folder.Write("header.safetensors", [.. BitConverter.GetBytes((long)json.Length), .. json]);
        if (right)
        {
            SafetensorsFile.Open(path).Dispose();
        }
        else
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<WeightFileException>(() => SafetensorsFile.Open(path)).Message, "the header begins with byte 0x");
        }
    }

    [TestMethod]
    public void What_is_written_is_read_back_bit_for_bit()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> written = new()
        {
            ["flags"] = tensor(new[] { true, false, true }),
            ["half"] = randn(3, 5).to(ScalarType.Float16),
            ["bf16"] = randn(2, 2).to(ScalarType.BFloat16),
            ["double"] = randn(7, dtype: ScalarType.Float64),
            ["long"] = arange(5, dtype: ScalarType.Int64),
            ["transposed"] = randn(4, 6).t(),
            ["scalar"] = torch.tensor(2.5f),
            ["empty"] = zeros(0, 3),
            ["名前 \"quoted\"\n"] = randn(1),
        };
        string path = _folder["all.safetensors"];
        SafetensorsWriter.Write(path, written, new Dictionary<string, string> { ["format"] = "pt", ["note"] = "größe" });

        using SafetensorsFile file = SafetensorsFile.Open(path);
        CollectionAssert.AreEquivalent(written.Keys, file.Names.ToArray());
        Assert.AreEqual("größe", file.Metadata["note"]);
        foreach ((string name, Tensor expected) in written)
        {
            Tensor actual = file.Get(name);
            Assert.AreEqual(expected.dtype, actual.dtype, name);
            CollectionAssert.AreEqual(expected.shape, actual.shape, name);
            Assert.IsTrue(expected.eq(actual).all().item<bool>(), name);
            Assert.AreEqual(0, file.Info(name).Offset % expected.element_size(), "the writer must align tensors: " + name);
        }
    }

    [TestMethod]
    public void Tensors_outlive_the_file_object_and_the_mapping_goes_with_the_last_of_them()
    {
        string path = _folder["two.safetensors"];
        using (Tensor ones = torch.ones(100), twos = torch.ones(100) * 2)
        {
            SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = ones, ["b"] = twos });
        }

        int before = WeightBytes.LiveCount;
        SafetensorsFile file = SafetensorsFile.Open(path);
        Tensor a = file.Get("a");
        Tensor b = file.Get("b");
        file.Dispose();
        a.Dispose();
        Assert.AreEqual(before + 1, WeightBytes.LiveCount);
        using (Tensor sum = b.sum())
        {
            Assert.AreEqual(200f, sum.item<float>());
        }

        b.Dispose();
        Assert.AreEqual(before, WeightBytes.LiveCount);
    }

    [TestMethod]
    public void Writing_into_a_tensor_leaves_the_file_as_it_was()
    {
        string path = _folder["one.safetensors"];
        using (Tensor ones = torch.ones(10))
        {
            SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = ones });
        }

        byte[] before = File.ReadAllBytes(path);
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        using (Tensor a = file.Get("a"))
        {
            a.fill_(7);
        }

        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

[TestClass]
public sealed class SafetensorsGoldenTests
{
    [TestInitialize]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Every_tensor_of_the_valid_files_is_the_bytes_that_the_header_points_at()
    {
        string folder = Goldens.Root("llm/safetensors/valid");
        foreach (string path in Directory.GetFiles(folder, "*.safetensors"))
        {
            using DisposeScope scope = NewDisposeScope();
            using SafetensorsFile file = SafetensorsFile.Open(path);
            byte[] content = File.ReadAllBytes(path);
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(content);
            JsonElement header = JsonDocument.Parse(content.AsMemory(8, length)).RootElement;
            string[] names = [.. header.EnumerateObject().Select(entry => entry.Name).Where(name => name != "__metadata__")];
            CollectionAssert.AreEquivalent(names, file.Names.ToArray(), path);
            foreach (string name in names)
            {
                JsonElement entry = header.GetProperty(name);
                CollectionAssert.AreEqual(
                    entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray(), file.Info(name).Shape,
                    $"{path} {name}");
                if (file.Info(name).ElementType is not { } type)
                {
                    WeightFileException error = Assert.ThrowsExactly<WeightFileException>(() => file.Get(name));
                    StringAssert.Contains(error.Message, entry.GetProperty("dtype").GetString()!);
                    Assert.AreEqual(name, error.TensorName);
                    continue;
                }

                Tensor tensor = file.Get(name);
                int begin = 8 + length + entry.GetProperty("data_offsets")[0].GetInt32();
                int end = 8 + length + entry.GetProperty("data_offsets")[1].GetInt32();
                Assert.AreEqual(type, tensor.dtype, name);
                CollectionAssert.AreEqual(content[begin..end], WeightGoldens.Bytes(tensor), $"{path} {name}");
            }
        }
    }

    [TestMethod]
    public void Values_are_those_that_the_index_lists()
    {
        string folder = Goldens.Root("llm/safetensors/valid");
        foreach (JsonProperty item in WeightGoldens.Json(Path.Combine(folder, "index.json")).EnumerateObject().Where(item => item.Value.ValueKind == JsonValueKind.Object))
        {
            using DisposeScope scope = NewDisposeScope();
            using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, item.Name));
            foreach (JsonProperty expected in item.Value.EnumerateObject().Where(tensor => file.Info(tensor.Name).ElementType is not null))
            {
                Tensor tensor = file.Get(expected.Name);
                JsonElement values = expected.Value.GetProperty("values");
                if (tensor.dtype == ScalarType.Int64)
                {
                    CollectionAssert.AreEqual(
                        values.EnumerateArray().Select(value => value.GetInt64()).ToArray(), tensor.data<long>().ToArray(), expected.Name);
                    continue;
                }

                // Every other type converts to fp64 without loss; bits are compared so that NaN and -0 count.
                double[] actual = tensor.numel() == 0 ? [] : tensor.to(ScalarType.Float64).data<double>().ToArray();
                CollectionAssert.AreEqual(values.EnumerateArray().Select(Number).ToArray(), actual, expected.Name);
                Assert.AreEqual(values.EnumerateArray().Count(value => IsMinus(Number(value))), actual.Count(IsMinus), expected.Name);
            }
        }
    }

    [TestMethod]
    public void Every_malformed_file_is_an_error_that_names_it_and_costs_no_memory()
    {
        string folder = Goldens.Root("llm/safetensors/invalid");
        foreach (JsonElement item in WeightGoldens.Json(Path.Combine(folder, "index.json")).EnumerateArray())
        {
            string name = item.GetProperty("file").GetString()!;
            string path = Path.Combine(folder, name);
            Assert.AreEqual("error", item.GetProperty("expect").GetString(), name);
            long before = GC.GetTotalAllocatedBytes(precise: true);
            WeightFileException error = Assert.ThrowsExactly<WeightFileException>(
                () => SafetensorsFile.Open(path), $"{name}: {item.GetProperty("why")}");
            StringAssert.Contains(error.Message, name);
            Assert.AreEqual(path, error.FilePath);
            Assert.IsNotNull(error.Offset, name);
            Assert.IsLessThan((64 * new FileInfo(path).Length) + (1 << 20), GC.GetTotalAllocatedBytes(precise: true) - before, name);
        }
    }

    private static bool IsMinus(double value) => double.IsNegative(value) && !double.IsNaN(value);

    // "nan", "inf" and "-inf" are text in the index.
    private static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when value.ValueEquals("inf") => double.PositiveInfinity,
        JsonValueKind.String when value.ValueEquals("-inf") => double.NegativeInfinity,
        JsonValueKind.String => double.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        JsonValueKind.Number => value.GetDouble(),
        _ => value.GetBoolean() ? 1 : 0,
    };
}

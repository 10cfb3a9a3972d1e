using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

[TestClass]
public sealed class TorchFileGoldenTests
{
    [TestInitialize]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Every_file_that_torch_save_wrote_gives_the_expected_tensors_and_values()
    {
        string folder = Goldens.Root("llm/torch/valid");
        foreach (JsonElement item in WeightGoldens.Json(Path.Combine(folder, "index.json")).EnumerateArray())
        {
            using DisposeScope scope = NewDisposeScope();
            string name = item.GetProperty("file").GetString()!;
            object? root = TorchFile.Load(Path.Combine(folder, name));
            Dictionary<string, Tensor> tensors = WeightGoldens.Flatten(root);
            using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, item.GetProperty("expected").GetString()!));
            CollectionAssert.AreEquivalent(expected.Names.ToArray(), tensors.Keys, name);
            foreach (JsonProperty tensor in item.GetProperty("tensors").EnumerateObject())
            {
                string what = $"{name} {tensor.Name}";
                WeightGoldens.AssertSame(expected.Get(tensor.Name), tensors[tensor.Name], what);
                CollectionAssert.AreEqual(Longs(tensor.Value.GetProperty("stride")), tensors[tensor.Name].stride(), what);
            }

            foreach (JsonProperty value in item.GetProperty("other_values").EnumerateObject())
            {
                AssertValue(value.Value, ((IReadOnlyDictionary<object, object?>)root!)[value.Name], $"{name} {value.Name}");
            }
        }
    }

    [TestMethod]
    public void Tensors_that_shared_a_storage_share_memory()
    {
        string folder = Goldens.Root("llm/torch/valid");
        foreach (string path in Directory.GetFiles(folder, "shared.*.pth"))
        {
            using DisposeScope scope = NewDisposeScope();
            IReadOnlyDictionary<string, Tensor> tensors = TorchFile.LoadStateDict(path);
            tensors["embed.weight"].fill_(3);
            Assert.AreEqual(3f, tensors["head.weight"].max().item<float>(), path);
            Assert.AreEqual(3f, tensors["head.weight"].min().item<float>(), path);
        }
    }

    [TestMethod]
    public void Hostile_and_malformed_files_behave_as_marked_and_run_nothing()
    {
        string folder = Goldens.Root("llm/torch/invalid");
        JsonElement index = WeightGoldens.Json(Path.Combine(folder, "index.json"));
        string marker = index.GetProperty("marker_file").GetString()!;
        foreach (JsonElement item in index.GetProperty("files").EnumerateArray())
        {
            string name = item.GetProperty("file").GetString()!;
            string expect = item.GetProperty("expect").GetString()!;
            long before = GC.GetTotalAllocatedBytes(precise: true);
            WeightFileException? error = null;
            try
            {
                using DisposeScope scope = NewDisposeScope();
                TorchFile.Load(Path.Combine(folder, name));
            }
            catch (WeightFileException caught)
            {
                error = caught;
            }

            Assert.IsTrue(
                expect switch { "error" => error is not null, "ok" => error is null, _ => true },
                $"{name} ({item.GetProperty("why")}): {expect} expected, {error?.Message ?? "no error"}");
            if (error is not null)
            {
                StringAssert.Contains(error.Message, name, "the message names the file");
                Assert.IsNotNull(error.Offset, $"the message says where: {error.Message}");
            }

            long bound = (512 * new FileInfo(Path.Combine(folder, name)).Length) + (4 << 20);
            Assert.IsLessThan(bound, GC.GetTotalAllocatedBytes(precise: true) - before, $"{name}: memory is bounded by the file's size");
            foreach (string place in new[] { Environment.CurrentDirectory, folder, AppContext.BaseDirectory, Path.GetTempPath() })
            {
                Assert.IsEmpty(Directory.GetFiles(place, marker + "*"), $"{name} ran something: {place}");
            }
        }
    }

    [TestMethod]
    public void The_variety_files_of_both_formats_hold_the_expected_tensors()
    {
        string folder = Goldens.Root("reference/checkpoints");
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, "variety.safetensors"));
        foreach (string path in Directory.GetFiles(folder, "variety*.pth"))
        {
            using DisposeScope scope = NewDisposeScope();
            IReadOnlyDictionary<string, Tensor> tensors = TorchFile.LoadStateDict(path);
            CollectionAssert.AreEquivalent(expected.Names.ToArray(), tensors.Keys.ToArray(), path);
            foreach (string name in expected.Names)
            {
                WeightGoldens.AssertSame(expected.Get(name), tensors[name], $"{path} {name}");
            }
        }
    }

    [TestMethod]
    public void Every_checkpoint_among_the_goldens_is_read()
    {
        int files = 0;
        foreach (string path in Directory.EnumerateFiles(Goldens.Root("reference"), "*.pth", SearchOption.AllDirectories))
        {
            using DisposeScope scope = NewDisposeScope();
            Assert.IsNotEmpty(WeightGoldens.Flatten(TorchFile.Load(path)), path);
            files++;
        }

        Assert.IsGreaterThan(0, files);
    }

    private static void AssertValue(JsonElement expected, object? actual, string what)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Array:
                IReadOnlyList<object?> list = (IReadOnlyList<object?>)actual!;
                Assert.HasCount(expected.GetArrayLength(), list, what);
                for (int i = 0; i < list.Count; i++)
                {
                    AssertValue(expected[i], list[i], $"{what}[{i}]");
                }

                break;
            case JsonValueKind.String:
                string text = actual switch
                {
                    byte[] bytes => Convert.ToHexStringLower(bytes),
                    BigInteger big => big.ToString(CultureInfo.InvariantCulture),
                    _ => (string)actual!,
                };
                Assert.AreEqual(expected.GetString(), text, what);
                break;
            case JsonValueKind.Number when actual is long number:
                Assert.AreEqual(expected.GetInt64(), number, what);
                break;
            case JsonValueKind.Number:
                Assert.AreEqual(expected.GetDouble(), (double)actual!, what);
                break;
            case JsonValueKind.Null:
                Assert.IsNull(actual, what);
                break;
            default:
                Assert.AreEqual(expected.GetBoolean(), (bool)actual!, what);
                break;
        }
    }

    private static long[] Longs(JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetInt64())];
}

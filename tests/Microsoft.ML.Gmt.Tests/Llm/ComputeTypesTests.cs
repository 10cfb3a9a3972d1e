using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class ComputeTypesTests
{
    [TestMethod]
    [DataRow(ScalarType.BFloat16, DeviceType.CPU, false, ScalarType.Float32)]
    [DataRow(ScalarType.BFloat16, DeviceType.CPU, true, ScalarType.BFloat16)]
    [DataRow(ScalarType.BFloat16, DeviceType.CUDA, false, ScalarType.BFloat16)]
    [DataRow(ScalarType.Float32, DeviceType.CPU, true, ScalarType.Float32)]
    public void Bf16_is_widened_where_the_processor_has_no_instructions_for_it(
        ScalarType stored, DeviceType device, bool has, ScalarType expected) =>
        Assert.AreEqual(expected, ComputeTypes.Faster(stored, device, has));

    [TestMethod]
    public void The_choice_is_said_and_only_where_there_was_one()
    {
        Assert.IsNull(ComputeTypes.Note(ScalarType.BFloat16, ScalarType.BFloat16, "m"));
        string note = ComputeTypes.Note(ScalarType.BFloat16, ScalarType.Float32, "m")!;
        StringAssert.Contains(note, "'m' has bf16 weights");
        StringAssert.Contains(note, "ComputeType = BFloat16");
    }

    [TestMethod]
    public void The_processor_is_what_the_system_says_it_is()
    {
        const string System = "/proc/cpuinfo";
        if (!File.Exists(System) || !File.ReadAllText(System).Contains("flags", StringComparison.Ordinal))
        {
            Assert.Inconclusive("The system does not list the processor's features.");
        }

        string[] flags = File.ReadLines(System).First(line => line.StartsWith("flags", StringComparison.Ordinal)).Split(' ');
        Assert.AreEqual(flags.Contains("avx512_bf16") || flags.Contains("amx_bf16"), ProcessorFeatures.HasBFloat16);
    }

    [TestMethod]
    public void A_saved_model_that_does_not_say_computes_in_the_files_own_type_and_a_new_one_in_the_faster()
    {
        using TemporaryFolder folder = new();
        using (LlamaModel model = TinyLlama.Create(dtype: ScalarType.BFloat16))
        {
            model.Save(folder.Path);
        }

        using (WeightStore store = WeightStore.Open(folder.Path))
        {
            Assert.AreEqual(ScalarType.BFloat16, ComputeTypes.Stored(LlamaConfig.Load(folder.Path), store));
        }

        using LlamaModel loaded = LlamaModel.Load(folder.Path);
        Assert.AreEqual(ProcessorFeatures.HasBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32, loaded.DataType);
        using LlamaModel asked = LlamaModel.Load(folder.Path, ScalarType.BFloat16);
        Assert.AreEqual(ScalarType.BFloat16, asked.DataType);
    }
}

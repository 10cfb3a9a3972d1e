using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Estimators;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class ComputeDeviceTests
{
    private const int Missing = 1_000;

    [TestMethod]
    public void Devices_have_the_names_that_PyTorch_gives_them()
    {
        Assert.AreEqual(DeviceType.CPU, ComputeDevice.Find("cpu").type);
        foreach (string name in new[] { "", "CPU", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:0:0", "cpu:0", "cuda: 1" })
        {
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentException>(() => ComputeDevice.Find(name)).Message, $"'{name}' is no device");
        }
    }

    [TestMethod]
    public void A_gpu_that_is_not_there_is_an_error_unless_the_cpu_may_take_its_place()
    {
        Assert.AreEqual(DeviceType.CPU, ComputeDevice.Find($"cuda:{Missing}", fallBackToCpu: true).type);
        Assert.AreEqual(DeviceType.CPU, ComputeDevice.OfGpu(Missing, fallBackToCpu: true).type);
        Assert.AreEqual(DeviceType.CPU, ComputeDevice.OfGpu(null, fallBackToCpu: false).type);
        string message = Assert.ThrowsExactly<PlatformNotSupportedException>(() => ComputeDevice.Find($"cuda:{Missing}")).Message;
        StringAssert.Contains(message, "no GPU cuda:1000");
        StringAssert.Contains(message, "TorchSharp-cuda-linux");
    }

    [TestMethod]
    public void A_context_that_asks_for_a_missing_gpu_is_refused_before_anything_is_trained()
    {
        var ml = new MLContext(seed: 1) { GpuDeviceId = Missing, FallbackToCpu = false };
        Assert.ThrowsExactly<PlatformNotSupportedException>(
            () => ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options).Fit(Pipelines.Graph.ToDataView()));
    }

    [TestMethod]
    public void Both_stages_compute_on_a_gpu_what_they_compute_on_the_cpu()
    {
        if (!cuda.is_available())
        {
            Assert.Inconclusive("There is no GPU that libtorch can use.");
        }

        var gpu = new MLContext(seed: 1) { GpuDeviceId = 0 };
        IDataView rows = Pipelines.Graph.ToDataView(GraphSplit.Test);
        using var onCpu = GmtPipelines.Fit();
        using var stream = new MemoryStream();
        gpu.Model.Save(onCpu, GmtPipelines.Data.Schema, stream);
        stream.Position = 0;
        ITransformer onGpu = gpu.Model.Load(stream, out _);
        foreach (string column in new[] { "Score", "Probability" })
        {
            float[] expected = [.. onCpu.Transform(rows).GetColumn<float>(column)];
            float[] actual = [.. onGpu.Transform(rows).GetColumn<float>(column)];
            Assert.IsLessThan(1e-3f, expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), column);
        }

        using IDisposable trained = gpu.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options)
            .Append(gpu.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Options)).Fit(GmtPipelines.Data);
    }
}

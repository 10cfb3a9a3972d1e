
namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>The device is checked as PyTorch would, and is the CPU.</summary>
[TestClass]
public sealed class DeviceFlagTests
{
    [TestMethod]
    [DataRow("cpu")]
    [DataRow("cuda")]
    [DataRow("cuda:11")]
    [DataRow("mps")]
    public void Devices_are_taken(string device) => StringAssert.Contains(Pretrain(device).Error, "'/no/such/folder'");

    [TestMethod]
    [DataRow("gpu")]
    [DataRow("CPU")]
    [DataRow("cuda:")]
    [DataRow("cuda:01")]
    [DataRow("cuda:-1")]
    [DataRow("")]
    public void Other_words_are_named(string device)
    {
        StringAssert.Contains(Pretrain(device).Error, $"--device: '{device}' is no device");
        GmtRun inference = GmtRun.Of(
            "inference_gmt", "--base_model", "a", "--gmt_dir", "b", "--data_path", "c", "--kg_dir", "d", "--device", device);
        Assert.AreEqual(1, inference.ExitCode);
        StringAssert.Contains(inference.Error, $"--device: '{device}' is no device");
    }

    private static GmtRun Pretrain(string device)
    {
        GmtRun run = GmtRun.Of("pretrain_gmt", "--kg_dir", "/no/such/folder", "--output_dir", "/no/such/output", "--device", device);
        Assert.AreEqual(1, run.ExitCode);
        return run;
    }
}

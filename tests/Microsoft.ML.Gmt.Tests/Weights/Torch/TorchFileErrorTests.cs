using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

/// <summary>Faults made by changing a valid checkpoint: the exception names the tensor and the offset.</summary>
[TestClass]
public sealed class TorchFileErrorTests
{
    private string _path = "";

    [TestInitialize]
    public void CreateFile()
    {
        TorchRuntime.EnsureLoaded();
        _path = Path.Combine(Path.GetTempPath(), $"gmt-{Guid.NewGuid():N}.pth");
        using DisposeScope scope = NewDisposeScope();
        TorchFileWriter.WriteStateDict(_path, [new("first", ones(2, 3)), new("second", ones(4))], key: "sgm");
    }

    [TestCleanup]
    public void DeleteFile() => File.Delete(_path);

    [TestMethod]
    public void A_window_beyond_its_storage_names_the_tensor_and_where_it_is_described()
    {
        // second: offset 0, size (4,) becomes offset 1.
        int at = Replace([0x51, (byte)'K', 0, (byte)'K', 4], [0x51, (byte)'K', 1, (byte)'K', 4]);
        WeightFileException error = Assert.ThrowsExactly<WeightFileException>(() => TorchFile.Load(_path));
        Assert.AreEqual("second", error.TensorName);
        Assert.AreEqual(_path, error.FilePath);
        Assert.IsTrue(error.Offset > at && error.Offset < at + 64, error.Message);
    }

    [TestMethod]
    public void Storages_that_claim_more_than_they_have_name_the_tensor_and_the_data()
    {
        // second: 4 elements, then the end of the storage's description, become 5.
        Replace([(byte)'K', 4, (byte)'t'], [(byte)'K', 5, (byte)'t']);
        WeightFileException error = Assert.ThrowsExactly<WeightFileException>(() => TorchFile.Load(_path));
        Assert.AreEqual("second", error.TensorName);
        Assert.AreEqual(0, error.Offset % 64, "the entry's data, which is aligned");
        StringAssert.Contains(error.Message, "5 elements of 4 bytes");
    }

    [TestMethod]
    public void A_name_that_is_not_allowed_is_named()
    {
        Replace("torch._utils\n_rebuild_tensor_v2"u8, "torch._utils\n_rebuild_tensor_v9"u8);
        WeightFileException error = Assert.ThrowsExactly<WeightFileException>(() => TorchFile.Load(_path));
        StringAssert.Contains(error.Message, "'torch._utils._rebuild_tensor_v9'");
        Assert.AreEqual("first", error.TensorName);
    }

    [TestMethod]
    public void A_state_dict_that_lies_elsewhere_is_an_error_that_says_what_is_there()
    {
        StringAssert.Contains(Assert.ThrowsExactly<WeightFileException>(() => TorchFile.LoadStateDict(_path, "model")).Message, "'sgm'");
        StringAssert.Contains(Assert.ThrowsExactly<WeightFileException>(() => TorchFile.LoadStateDict(_path)).Message, "one level deeper");
        Assert.HasCount(2, TorchFile.LoadStateDict(_path, "sgm"));
    }

    [TestMethod]
    public void Elements_repeated_without_end_are_refused_before_anybody_copies_them()
    {
        using DisposeScope scope = NewDisposeScope();
        WriteRepeated(1_000_000);
        Assert.AreEqual(
            1_000_000, ((Tensor)TorchFile.Load(_path)!).numel(), "a modest repetition is what torch.save writes of an expanded tensor");
        WriteRepeated(int.MaxValue);
        StringAssert.Contains(Assert.ThrowsExactly<WeightFileException>(() => TorchFile.Load(_path)).Message, "[2147483647]");
    }

    // One stored element, shown so many times by a stride of 0.
    private void WriteRepeated(int times)
    {
        byte[] pickle =
        [
            0x80, 2, .. "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0001tQK\0J"u8,
            .. BitConverter.GetBytes(times), 0x85, (byte)'K', 0, 0x85, 0x89, .. "ccollections\nOrderedDict\n)RtR."u8,
        ];
        File.Delete(_path); // an earlier tensor may still map it
        using FileStream stream = File.Create(_path);
        TorchZipWriter zip = new(stream, "archive");
        zip.Add("data.pkl", pickle);
        zip.Add("data/0", new byte[4]);
        zip.Finish();
    }

    private int Replace(ReadOnlySpan<byte> old, ReadOnlySpan<byte> changed)
    {
        byte[] file = File.ReadAllBytes(_path);
        int at = file.AsSpan().IndexOf(old);
        Assert.IsGreaterThan(0, at, "the bytes to change");
        changed.CopyTo(file.AsSpan(at));
        File.WriteAllBytes(_path, ZipChecksums.Forget(file));
        return at;
    }
}

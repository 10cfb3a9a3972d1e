using System.Diagnostics;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class TorchRuntimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_tensor_can_be_made_after_loading()
    {
        TorchRuntime.EnsureLoaded();
        TorchRuntime.EnsureLoaded();
        using var ones = torch.ones(3);
        using var sum = ones.sum();
        Assert.AreEqual(3f, sum.item<float>());
    }

    [TestMethod]
    public void TorchSharp_works_as_soon_as_the_library_has_been_touched() => Succeeds(ProbeProcess.Run("sum"), "3");

    [TestMethod]
    public void A_process_without_tensors_loads_no_libtorch() => Succeeds(ProbeProcess.Run("no-tensor"), "False");

    [TestMethod]
    public void Processes_that_start_at_once_share_one_copy_of_the_binding()
    {
        Process[] processes = [.. Enumerable.Range(0, 4).Select(_ => ProbeProcess.Start("ensure", ("GMT_CACHE", _folder.Path)))];
        foreach (var result in processes.Select(ProbeProcess.Finish).ToList())
        {
            Succeeds(result, "3");
        }

        Assert.HasCount(1, Directory.GetFiles(RequireCopy(), "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void A_damaged_copy_is_written_anew()
    {
        Succeeds(ProbeProcess.Run("ensure", ("GMT_CACHE", _folder.Path)), "3");
        string copy = Directory.GetFiles(RequireCopy(), "*", SearchOption.AllDirectories).Single();
        byte[] whole = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, whole[..(whole.Length / 2)]);
        Succeeds(ProbeProcess.Run("ensure", ("GMT_CACHE", _folder.Path)), "3");
        CollectionAssert.AreEqual(whole, File.ReadAllBytes(copy));
    }

    [TestMethod]
    public void A_home_that_cannot_be_written_is_no_obstacle()
    {
        string temporary = Directory.CreateDirectory(_folder["tmp"]).FullName;
        Succeeds(ProbeProcess.Run("ensure", ("HOME", NoFolder()), ("XDG_CACHE_HOME", null), ("TMPDIR", temporary), ("DOTNET_EnableDiagnostics", "0")), "3");
        Assert.IsEmpty(Directory.GetFileSystemEntries(temporary), "the private copy is gone");
    }

    [TestMethod]
    public void Where_no_folder_can_be_written_the_exception_says_what_to_set()
    {
        Succeeds(ProbeProcess.Run("ensure", ("GMT_CACHE", _folder.Path)), "3");
        RequireCopy();
        var result = ProbeProcess.Run(
            "ensure", ("HOME", NoFolder()), ("XDG_CACHE_HOME", null), ("TMPDIR", Path.Combine(NoFolder(), "tmp")),
            ("DOTNET_EnableDiagnostics", "0"));
        Assert.AreEqual(1, result.ExitCode, result.Error);
        StringAssert.Contains(result.Error, "Set GMT_CACHE to a folder");
    }

    [TestMethod]
    public void Marking_a_version_weak_changes_one_byte_once()
    {
        byte[] original = File.ReadAllBytes(NativeFolders.Find("libLibTorchSharp.so")!), marked = [.. original];
        Assert.AreEqual(1, ElfVersionNeeds.MarkWeak(marked, "GLIBCXX_3.4.32"));
        Assert.AreEqual(1, original.Zip(marked).Count(pair => pair.First != pair.Second));
        Assert.AreEqual(0, ElfVersionNeeds.MarkWeak(marked, "GLIBCXX_3.4.32"));
        Assert.AreEqual(0, ElfVersionNeeds.MarkWeak(marked, "GLIBCXX_9.9"));
    }

    [TestMethod]
    public void An_elf_file_cut_short_is_an_invalid_file()
    {
        byte[] image = File.ReadAllBytes(NativeFolders.Find("libLibTorchSharp.so")!);
        for (int length = 0; length < image.Length; length += 1 + length / 3)
        {
            Assert.ThrowsExactly<InvalidDataException>(
                () => ElfVersionNeeds.MarkWeak(image.AsSpan(0, length).ToArray(), "GLIBCXX_3.4.32"), $"{length} bytes");
        }
    }

    /// <summary>A path that can be no folder, whoever asks: below a file.</summary>
    private string NoFolder()
    {
        return Path.Combine(_folder.Write("file", ""), "home");
    }

    private string RequireCopy()
    {
        if (Directory.GetDirectories(_folder.Path).Length == 0)
        {
            Assert.Inconclusive("This system's C++ runtime takes TorchSharp's binding as it is.");
        }

        return _folder.Path;
    }

    private static void Succeeds((int ExitCode, string Output, string Error) result, string output)
    {
        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.AreEqual(output, result.Output);
    }
}

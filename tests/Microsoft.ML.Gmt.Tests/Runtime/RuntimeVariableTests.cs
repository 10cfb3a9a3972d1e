using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

/// <summary>What the environment variables of <c>docs/environment.md</c> change, each in a process of its own.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed partial class RuntimeVariableTests : IDisposable
{
    private const string Binding = "libLibTorchSharp.so";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_chosen_folder_without_libtorch_is_named()
    {
        string error = Fails(ProbeProcess.Run("ensure", ("GMT_TORCH_DIR", _folder.Path)));
        StringAssert.Contains(error, $"GMT_TORCH_DIR is '{_folder.Path}', but there is no libc10.so");
    }

    [TestMethod]
    public void A_chosen_folder_may_hold_libtorch_without_the_binding()
    {
        LinkLibtorch();
        Succeeds(ProbeProcess.Run("ensure", ("GMT_TORCH_DIR", _folder.Path)), "3");
    }

    [TestMethod]
    public void A_library_that_the_system_refuses_is_named_with_what_libtorch_needs()
    {
        string library = _folder.Write("libc10.so", "no library");
        _folder.With("libtorch_cpu.so", "").With("libtorch.so", "");
        string error = Fails(ProbeProcess.Run("ensure", ("GMT_TORCH_DIR", _folder.Path)));
        StringAssert.Contains(error, $"'{library}' could not be loaded");
        StringAssert.Contains(error, "apt-get install libstdc++6");
    }

    [TestMethod]
    public void Where_there_is_no_libtorch_the_exception_names_the_package()
    {
        foreach (string file in Directory.EnumerateFiles(ProbeProcess.Folder, "*.dll").Append(Path.Combine(ProbeProcess.Folder, "Probe.runtimeconfig.json")))
        {
            File.Copy(file, _folder[Path.GetFileName(file)]);
        }

        // The package cache, where libtorch is looked for as well, is an empty one.
        string cache = Directory.CreateDirectory(_folder["packages"]).FullName;
        string error = Fails(ProbeProcess.Finish(ProbeProcess.StartIn(_folder.Path, "ensure", ("NUGET_PACKAGES", cache))));
        StringAssert.Contains(error, $"libc10.so was not found in {_folder.Path}");
        StringAssert.Contains(error, $"libtorch-cpu-{NativeFolders.Rid}");
    }

    [TestMethod]
    public void Another_version_of_TorchSharp_gets_a_copy_of_its_own()
    {
        string cache = Directory.CreateDirectory(_folder["cache"]).FullName;
        Succeeds(ProbeProcess.Run("ensure", ("GMT_CACHE", cache)), "3");
        if (Directory.GetDirectories(cache).Length == 0)
        {
            Assert.Inconclusive("This system's C++ runtime takes TorchSharp's binding as it is.");
        }

        // A byte at the end makes another file of it and means nothing to the linker.
        LinkLibtorch();
        _folder.With(Binding, [.. File.ReadAllBytes(NativeFolders.Find(Binding)!), 0]);
        for (int round = 0; round < 2; round++)
        {
            Succeeds(ProbeProcess.Run("ensure", ("GMT_CACHE", cache), ("GMT_TORCH_DIR", _folder.Path)), "3");
            Succeeds(ProbeProcess.Run("ensure", ("GMT_CACHE", cache)), "3");
        }

        Assert.HasCount(2, Directory.GetFiles(cache, "*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void Loading_can_be_left_to_TorchSharp()
    {
        Succeeds(ProbeProcess.Run("mapped libtorch_cpu"), "True");
        Succeeds(ProbeProcess.Run("mapped libtorch_cpu", ("GMT_TORCH_LOADER", "0")), "False");
    }

    [TestMethod]
    public void The_switch_for_AMD_processors_can_be_turned_off()
    {
        Succeeds(ProbeProcess.Run("mapped libGmtMkl", ("GMT_MKL_AMD", "0")), "False");
        bool isAmd = File.ReadLines("/proc/cpuinfo").Any(line => line.Contains("AuthenticAMD", StringComparison.Ordinal));
        Succeeds(ProbeProcess.Run("mapped libGmtMkl"), isAmd && NativeFolders.Find("libGmtMkl.so") is not null ? "True" : "False");
    }

    [TestMethod]
    public void Native_kernels_can_be_turned_off()
    {
        Succeeds(ProbeProcess.Run("native", ("GMT_NATIVE", "0")), "False");
        Succeeds(ProbeProcess.Run("native"), NativeFolders.Find("libGmtNative.so") is null ? "False" : "True");
    }

    [TestMethod]
    public void Every_variable_that_is_read_is_documented()
    {
        string document = File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, "docs", "environment.md"));
        string[] variables =
        [
            .. new[] { "src", "tests", "examples" }.SelectMany(
                folder => Directory.EnumerateFiles(Path.Combine(Goldens.RepositoryRoot, folder), "*.cs", SearchOption.AllDirectories))
                .SelectMany(file => Variable().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Distinct().Order(
                    StringComparer.Ordinal),
        ];
        CollectionAssert.IsSubsetOf(new[] { "GMT_CACHE", "GMT_NATIVE", "GMT_TORCH_DIR" }, variables);
        string[] missing = [.. variables.Where(variable => !document.Contains($"`{variable}", StringComparison.Ordinal))];
        Assert.IsEmpty(missing, $"docs/environment.md lacks {string.Join(", ", missing)}");
    }

    [GeneratedRegex("\"(GMT_[A-Z_]+)\"")]
    private static partial Regex Variable();

    private void LinkLibtorch()
    {
        string folder = Path.GetDirectoryName(NativeFolders.Find("libtorch_cpu.so"))!;
        foreach (string library in Directory.EnumerateFiles(folder, "lib*.so*").Where(path => Path.GetFileName(path) != Binding))
        {
            File.CreateSymbolicLink(_folder[Path.GetFileName(library)], library);
        }
    }

    private static void Succeeds((int ExitCode, string Output, string Error) result, string output)
    {
        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.AreEqual(output, result.Output);
    }

    private static string Fails((int ExitCode, string Output, string Error) result)
    {
        Assert.AreEqual(1, result.ExitCode, result.Error);
        return result.Error;
    }
}

using Microsoft.ML.Gmt.Runtime;

// One class at a time: libtorch already uses every core, and the leak tests count live tensors of the whole process.
[assembly: DoNotParallelize]

namespace Microsoft.ML.Gmt.Tests;

/// <summary>What every test may rely on.</summary>
[TestClass]
public static class AssemblySetup
{
    [AssemblyInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();
}

using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class NativeInstructionsTests
{
    [TestMethod]
    public void Native_kernels_leave_out_what_the_switches_of_NET_turn_off()
    {
        RequiredNative.Library();
        string without512 = RequiredNative.Has(NativeInstructions.Avx2) ? "AVX2" : "portable";
        Assert.AreEqual(RequiredNative.Has(NativeInstructions.Avx512) ? "best" : without512, Chosen());
        Assert.AreEqual(without512, Chosen(("DOTNET_EnableAVX512", "0")));
        Assert.AreEqual("portable", Chosen(("DOTNET_EnableAVX2", "0")));
    }

    private static string Chosen(params (string Name, string? Value)[] switches)
    {
        (int exitCode, string output, string error) = ProbeProcess.Run("instructions", switches);
        Assert.AreEqual(0, exitCode, error);
        return output;
    }
}

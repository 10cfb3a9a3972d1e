using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class ScalarGuardTests
{
    [TestMethod]
    public void Numbers_in_operators_are_right_while_garbage_is_collected()
    {
        if (NativeFolders.Find("libGmtScalars.so") is null)
        {
            Assert.Inconclusive("The library that guards scalars is built on Linux where there is a C compiler.");
        }

        (int exitCode, string output, string error) = ProbeProcess.Run("scalars");
        Assert.AreEqual("True", output, error);
        Assert.AreEqual(0, exitCode, error);
    }
}

using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

/// <summary>What a test needs of the native library; where it is missing the test is inconclusive.</summary>
internal static unsafe class RequiredNative
{
    /// <summary>The library.</summary>
    public static void Library()
    {
        if (!NativeKernels.IsAvailable)
        {
            Assert.Inconclusive("libGmtNative was not built here (no C++ compiler), or GMT_NATIVE=0 is set.");
        }
    }

    /// <summary>The library, and instructions by their name.</summary>
    public static NativeInstructions Instructions(string name)
    {
        NativeInstructions[] all = [NativeInstructions.Portable, NativeInstructions.Avx2, NativeInstructions.Avx512];
        return Instructions(all.Single(each => each.ToString() == name));
    }

    /// <summary>The library, and instructions.</summary>
    public static NativeInstructions Instructions(NativeInstructions needed)
    {
        Library();
        if (!Has(needed))
        {
            Assert.Inconclusive($"This processor lacks {needed}.");
        }

        return needed;
    }

    /// <summary>Whether the library has instructions, and the processor.</summary>
    public static bool Has(NativeInstructions instructions)
    {
        try
        {
            float nothing;
            NativeKernels.FillMask(instructions, default, rows: 0, width: 0, &nothing);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

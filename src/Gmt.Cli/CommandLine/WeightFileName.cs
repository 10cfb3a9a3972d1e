namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>What a file's name says of its format.</summary>
internal static class WeightFileName
{
    private static readonly string[] TorchEndings = [".pth", ".pt", ".bin"];

    /// <summary>The endings that say torch.save.</summary>
    public static IReadOnlyList<string> OfTorch => TorchEndings;

    /// <summary>Whether it says safetensors.</summary>
    public static bool IsSafetensors(string path) => path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it says torch.save.</summary>
    public static bool IsTorch(string path) => TorchEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it says either.</summary>
    public static bool IsWeights(string path) => IsSafetensors(path) || IsTorch(path);
}

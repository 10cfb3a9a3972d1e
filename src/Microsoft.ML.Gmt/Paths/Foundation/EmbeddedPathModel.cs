using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The path model that the library carries: trained by <c>examples/path-model</c> on training triples of FB15k-237 and WN18RR, see
/// <c>docs/path-model-card.md</c>.
/// </summary>
internal static class EmbeddedPathModel
{
    /// <summary>What it is called.</summary>
    public const string FileName = "gmt-paths.safetensors";

    private static readonly Lazy<FoundationModel> One = new(Read);

    /// <summary>The model; read on first use.</summary>
    public static FoundationModel Model => One.Value;

    /// <summary>The file.</summary>
    public static Stream Open() => typeof(EmbeddedPathModel).Assembly.GetManifestResourceStream(FileName)!;

    private static FoundationModel Read()
    {
        TorchRuntime.EnsureLoaded();
        using Stream hashed = Open(), read = Open();
        using SafetensorsFile file = SafetensorsFile.Read(read, FileName);
        return FoundationModel.Of(
            PathTensors.Copy(FileName, file.Names, file.Info, file.Get), PathModelOrigin.Of(FileName, ContentHash.Of(hashed).Sha256));
    }
}

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// Published checkpoints by the SHA-256 of their files, and the graphs they were pre-trained on: those of
/// https://github.com/DeepGraphLearning/ULTRA, folder <c>ckpts</c> (MIT), and the one that this library carries.
/// </summary>
internal static class KnownPathModels
{
    private static readonly string[] Three = ["FB15k-237", "WN18RR", "CoDEx-M"];

    private static readonly Dictionary<string, string[]> Pretraining = new(StringComparer.Ordinal)
    {
        // ultra_3g.pth, 800,000 steps
        ["fdedc01b0045fc089d2ad5da08569466b7b221691fe978a18e91082bbb133c18"] = Three,

        // ultra_4g.pth, 400,000 steps
        ["48a046e708adf5632d87c30eacae01f5f51466b2301effdc2cb42358d22854e0"] = [.. Three, "NELL-995"],

        // ultra_50g.pth, 1,000,000 steps; the list is an author's, in issue 15 of the repository
        ["f1c5377b2cf547aaa67520ffb6fce27b75b6eb3417b86dc9cf9dba89964ed10f"] =
        [
            .. Three, "NELL-995", "YAGO3-10", "DBpedia100k", "AristoV4", "Hetionet", "WDsinger", "CoDEx-S", "NELL23k", "ConceptNet100k",
            "FB15k-237-10", "14 graphs with new entities", "23 graphs with new entities and relations",
        ],

        // gmt-paths.safetensors, see EmbeddedPathModel
        ["8cdfa515070996d5b3dc66cb1982dae49728275939d4e35cf814c02afcede60d"] = ["FB15k-237", "WN18RR"],
    };

    /// <summary>What a file was pre-trained on; null where it is not known.</summary>
    public static IReadOnlyList<string>? PretrainingOf(string sha256) => Pretraining.GetValueOrDefault(sha256);
}

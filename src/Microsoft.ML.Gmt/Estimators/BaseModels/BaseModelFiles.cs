namespace Microsoft.ML.Gmt;

/// <summary>The files of a model folder that make the model: configuration, weights, tokenizer.</summary>
internal static class BaseModelFiles
{
    private static readonly string[] Names =
    [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "vocab.json", "merges.txt",
    ];

    private static readonly string[] WeightEndings = [".safetensors", ".safetensors.index.json", "pytorch_model.bin", ".bin.index.json"];

    /// <summary>The files of a folder, by name.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static FileInfo[] In(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no model folder '{folder}'. Give a folder with config.json, weights and a tokenizer, as Hugging Face lays them out.");
        }

        return
        [
            .. new DirectoryInfo(folder).EnumerateFiles()
                .Where(file => Names.Contains(file.Name) || WeightEndings.Any(ending => file.Name.EndsWith(ending, StringComparison.Ordinal)))
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ];
    }
}

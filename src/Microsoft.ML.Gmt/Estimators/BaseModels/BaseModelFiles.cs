using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt;

/// <summary>A file of a model folder.</summary>
/// <param name="Name">Its name inside the folder, with a slash where it lies in a folder of its own: <c>1_Pooling/config.json</c>.</param>
/// <param name="Path">Where it is.</param>
internal sealed record BaseModelFile(string Name, string Path);

/// <summary>The files of a model folder that make the model: configuration, weights, tokenizer.</summary>
internal static class BaseModelFiles
{
    private const string Config = "config.json";
    private const string Modules = "modules.json";

    private static readonly string[] Names =
    [
        Config, Modules, "generation_config.json", "sentence_bert_config.json", "tokenizer.json", "tokenizer.model",
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "vocab.txt", "merges.txt",
    ];

    private static readonly string[] WeightEndings =
        [".safetensors", ".safetensors.index.json", "pytorch_model.bin", ".bin.index.json", GgufInFolder.Ending];

    /// <summary>The files of a folder, in the order of their names.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static BaseModelFile[] In(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(File.Exists(folder)
                ? $"'{folder}' is a file. Give the folder that holds it, '{Path.GetDirectoryName(Path.GetFullPath(folder))}'."
                : $"There is no model folder '{folder}'. Give a folder with config.json, weights and a tokenizer, as Hugging Face lays "
                    + "them out, or with one GGUF file.");
        }

        // Beside a config.json GGUF files are other copies of the model.
        bool isGguf = GgufInFolder.Find(folder) is not null;
        IEnumerable<string> own = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file))
            .Where(name => IsFile(name) && (!name.EndsWith(GgufInFolder.Ending, StringComparison.Ordinal) || isGguf));
        return [.. own.Concat(ModuleConfigs(folder)).Order(StringComparer.Ordinal).Select(name => new BaseModelFile(name, Path.Combine(folder, name)))];
    }

    /// <summary>Whether a file of that name is one of a model's, as <see cref="In"/> names them.</summary>
    public static bool IsPart(string name) =>
        name.Split('/') is [var module, Config] ? IsModule(module) && FileNames.IsPlain(module) : FileNames.IsPlain(name) && IsFile(name);

    private static bool IsFile(string name) =>
        Names.Contains(name) || WeightEndings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    private static bool IsModule(string folder) => folder.Length > 0 && char.IsAsciiDigit(folder[0]);

    /// <summary>The configurations of a sentence-transformers model's parts, each in a folder such as <c>1_Pooling</c>.</summary>
    private static IEnumerable<string> ModuleConfigs(string folder) => !File.Exists(Path.Combine(folder, Modules)) ? []
        : Directory.EnumerateDirectories(folder).Where(
            module => IsModule(Path.GetFileName(module)) && File.Exists(Path.Combine(module, Config)))
            .Select(module => $"{Path.GetFileName(module)}/{Config}");
}

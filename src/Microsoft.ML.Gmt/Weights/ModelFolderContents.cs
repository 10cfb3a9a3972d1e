using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>Says what a model folder holds in place of the files that are looked for, and what to do.</summary>
internal static class ModelFolderContents
{
    private const string HowToMerge =
        "merge it into its base with peft's merge_and_unload, save the result with save_pretrained, and give that folder";

    // Of peft, which keeps an adapter in a folder of its own or beside its base.
    private static readonly string[] AdapterFiles = ["adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"];

    // What other programs write, by the end of the name, in the order in which it is told.
    private static readonly (string Ending, string What)[] OtherFormats =
    [
        (".gguf", "is llama.cpp's format, which counts where there is no config.json beside it. Move it to a folder of its own"),
        (".incomplete", "is a download that did not end. Download the model again"),
        (".h5", "is TensorFlow's format. Get the model's safetensors files"),
        (".msgpack", "is Flax's format. Get the model's safetensors files"),
        (".onnx", "is ONNX. Get the model's safetensors files"),
        (".ot", "is rust-bert's format. Get the model's safetensors files"),
        (".ggml", "is an old format of llama.cpp. Get the model's safetensors files"),
        ("consolidated.00.pth", "is Meta's own layout. Get the model as Hugging Face lays it out"),
        ("consolidated.safetensors", "is Mistral's own layout. Get the model as Hugging Face lays it out"),
    ];

    /// <summary>What else is there, as sentences that begin with a space; empty where nothing says what is wrong.</summary>
    public static string Hint(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return "";
        }

        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))];
        Array.Sort(names, StringComparer.Ordinal);
        if (names.FirstOrDefault(name => MistakenFile.IsBrokenLink(Path.Combine(folder, name))) is { } link)
        {
            return $" '{link}' there is a link to a file that does not exist; download the model again.";
        }

        if (AdapterOf(folder) is not null)
        {
            return $" It holds an adapter (LoRA), which is no model by itself; {HowToMerge}.";
        }

        string[] safetensors = Array.FindAll(names, name => name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase));
        if (Array.Find(safetensors, name => name.Contains("-of-", StringComparison.Ordinal)) is { } shard)
        {
            return $" '{shard}' there is one of several shards, but their index is missing: model.safetensors.index.json belongs to them.";
        }

        foreach ((string ending, string what) in OtherFormats)
        {
            if (names.FirstOrDefault(name => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return $" '{found}' there {what}.";
            }
        }

        return safetensors is [string other, ..]
            ? $" If '{other}' there holds the weights, name it model.safetensors."
            : "";
    }

    /// <summary>The file that shows that an adapter lies in a folder; null where there is none.</summary>
    public static string? AdapterOf(string folder) =>
        AdapterFiles.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Refuses a model beside which an adapter lies: without it, its numbers would not be the ones that are meant.</summary>
    /// <exception cref="NotSupportedException">An adapter lies there.</exception>
    public static void RefuseAdapter(string folder)
    {
        if (AdapterOf(folder) is { } adapter)
        {
            throw new NotSupportedException(
                $"{adapter}: an adapter (LoRA) lies beside the model's weights, and adapters are not applied. To use it, {HowToMerge}; "
                + "to use the base without it, move its files to another folder.");
        }
    }
}

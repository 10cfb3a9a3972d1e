using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Says what a safetensors file or a file of torch.save holds. No tensor's data is read.</summary>
internal static class WeightInspector
{
    private const int LongestText = 200;

    /// <summary>A safetensors file: its header's texts and tensors.</summary>
    public static Report Safetensors(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        bool isCheckpoint = file.Metadata.GetValueOrDefault("format") == "gmt-training";
        Report report = new($"{path}: {(isCheckpoint ? "the state of an interrupted training" : "safetensors")}");
        foreach ((string key, string value) in file.Metadata)
        {
            report.With(key, value);
        }

        return report.With("size of the file", new ByteSize(new FileInfo(path).Length)).WithTensors([.. file.Names.Select(file.Info)]);
    }

    /// <summary>A file of torch.save: whatever object it holds.</summary>
    public static Report Torch(string path)
    {
        using TorchDocument document = TorchDocument.Open(path);
        var leaves = new PickleLeaves(document);
        return new Report($"{path}: PyTorch file (read as data; nothing in it was executed)")
            .With("object", Kind(document.Root))
            .With("size of the file", new ByteSize(new FileInfo(path).Length))
            .WithTensors(leaves.Tensors)
            .With(new ReportTable("other values", ["name", "value"], leaves.Others));
    }

    /// <summary>A model of llama.cpp: its settings and tensors.</summary>
    public static Report Gguf(string path)
    {
        GgufHeader header = GgufHeader.Read(path);
        Report report = new Report($"{path}: GGUF (llama.cpp's)").With("version", header.Version);
        foreach ((string key, object value) in header.Metadata)
        {
            report.With(
                key, value is GgufArray ? $"{value}" : value is string { Length: > LongestText } text ? $"{text[..LongestText]}…" : value);
        }

        return report.With("size of the file", new ByteSize(new FileInfo(path).Length)).WithTensors(header.Tensors);
    }

    /// <summary>A model in shards: the tensors of all of them.</summary>
    public static Report Index(string path)
    {
        using WeightStore store = WeightStore.Open(path);
        return new Report($"{path}: index of a model in shards").WithTensors([.. store.Names.Select(store.Info)]);
    }

    private static string Kind(object? root) => root switch
    {
        PickledTensor => "a tensor",
        IReadOnlyDictionary<object, object?> dictionary =>
            $"a dictionary with {string.Join(", ", dictionary.Keys.Take(4).Select(key => $"'{key}'"))}{(dictionary.Count > 4 ? " …" : "")}",
        IReadOnlyList<object?> list => $"a list of {list.Count}",
        null => "None",
        _ => root.GetType().Name,
    };
}

using System.Text;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>
/// A finetuned model as one safetensors file: the tensors of <c>graph_encoder.pth</c> and <c>memory_attn.pth</c> under their names, which
/// differ, and <c>gmt_config.json</c> in the header.
/// </summary>
internal static class GmtSafetensors
{
    private const string ConfigEntry = "gmt_config", MemoryPrefix = "model.layers.";

    /// <summary>Whether a file is such a one.</summary>
    public static bool Is(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Metadata.ContainsKey(ConfigEntry);
    }

    /// <summary>Makes the file of a folder.</summary>
    public static void FromFolder(string folder, string target)
    {
        using DisposeScope scope = NewDisposeScope();
        string config = Path.Combine(folder, GmtFolder.ConfigFile);
        Dictionary<string, string> metadata = new()
        {
            ["format"] = "pt",
            [ConfigEntry] = File.Exists(config) ? File.ReadAllText(config) : "{}",
        };
        IReadOnlyDictionary<string, Tensor> encoder = TorchFile.LoadStateDict(Path.Combine(folder, GmtStateDict.EncoderFile));
        SafetensorsWriter.Write(target, encoder.Concat(TorchFile.LoadStateDict(Path.Combine(folder, GmtStateDict.MemoryFile))), metadata);
    }

    /// <summary>Makes the folder of a file.</summary>
    public static void ToFolder(string path, string folder)
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        KeyValuePair<string, Tensor>[] all = [.. file.Names.Select(name => KeyValuePair.Create(name, file.Get(name)))];
        bool IsMemory(KeyValuePair<string, Tensor> pair) => pair.Key.StartsWith(MemoryPrefix, StringComparison.Ordinal);
        if (!all.Any(IsMemory) || all.All(IsMemory))
        {
            throw new CommandFailure($"{path} does not hold the weights of graph encoder and memory layers both.");
        }

        TorchFileWriter.WriteStateDict(Path.Combine(folder, GmtStateDict.EncoderFile), all.Where(pair => !IsMemory(pair)));
        TorchFileWriter.WriteStateDict(Path.Combine(folder, GmtStateDict.MemoryFile), all.Where(IsMemory));
        byte[] config = Encoding.UTF8.GetBytes(file.Metadata.GetValueOrDefault(ConfigEntry, "{}"));
        AtomicFile.Write(Path.Combine(folder, GmtFolder.ConfigFile), stream => stream.Write(config));
    }
}

using System.Text.Json;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

/// <summary>One folder of <c>llm/llama</c>: a tiny model and the numbers that Hugging Face gets from it.</summary>
internal sealed class LlamaGolden : IDisposable
{
    private readonly SafetensorsFile _tensors;

    private LlamaGolden(string folder)
    {
        Folder = folder;
        _tensors = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "golden.json")));
        Prompts = json.RootElement.GetProperty("prompts").EnumerateObject().ToDictionary(p => p.Name, p => Integers(p.Value));
        Greedy = json.RootElement.GetProperty("greedy24").EnumerateObject()
            .ToDictionary(p => p.Name, p => Integers(p.Value.GetProperty("tokens")));
    }

    public string Folder { get; }

    public string Name => Path.GetFileName(Folder);

    /// <summary>Token ids by the name of the prompt.</summary>
    public Dictionary<string, int[]> Prompts { get; }

    /// <summary>The tokens that follow each prompt.</summary>
    public Dictionary<string, int[]> Greedy { get; }

    public static IEnumerable<LlamaGolden> All()
    {
        foreach (string folder in Goldens.Cases("llm/llama"))
        {
            yield return new LlamaGolden(folder);
        }
    }

    public bool Has(string name) => _tensors.Contains(name);

    public Tensor Tensor(string name) => _tensors.Get(name);

    public void Dispose() => _tensors.Dispose();

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];
}

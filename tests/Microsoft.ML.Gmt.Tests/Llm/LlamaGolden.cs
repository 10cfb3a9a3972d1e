using System.Text.Json;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
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
        Greedy = json.RootElement.EnumerateObject().Single(
            p => p.Name.StartsWith("greedy", StringComparison.Ordinal)).Value.EnumerateObject()
            .ToDictionary(p => p.Name, p => Integers(p.Value.GetProperty("tokens")));
    }

    public string Folder { get; }

    public string Name => Path.GetFileName(Folder);

    /// <summary>Token ids by the name of the prompt.</summary>
    public Dictionary<string, int[]> Prompts { get; }

    /// <summary>The prompt whose hidden states are recorded.</summary>
    public int[] HiddenPrompt => Prompts.Values.Single(ids => ids.Length == _tensors.Info("hidden.embed").Shape[0]);

    /// <summary>The tokens that follow each prompt.</summary>
    public Dictionary<string, int[]> Greedy { get; }

    public static IEnumerable<LlamaGolden> All()
    {
        foreach (string folder in Goldens.Cases("llm/llama"))
        {
            yield return new LlamaGolden(folder);
        }
    }

    /// <summary>The models whose features are all supported; the others must say which is not.</summary>
    public static IEnumerable<LlamaGolden> Supported()
    {
        TorchRuntime.EnsureLoaded();
        int supported = 0;
        foreach (LlamaGolden golden in All())
        {
            try
            {
                LlamaConfig.Load(golden.Folder);
            }
            catch (NotSupportedException refusal)
            {
                StringAssert.Contains(refusal.Message, "is not supported", golden.Name);
                StringAssert.Contains(refusal.Message, "config.json", golden.Name);
                continue;
            }

            supported++;
            yield return golden;
        }

        Assert.IsGreaterThan(0, supported, "no model of llm/llama is supported");
    }

    public bool Has(string name) => _tensors.Contains(name);

    public Tensor Tensor(string name) => _tensors.Get(name);

    public void Dispose() => _tensors.Dispose();

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];
}

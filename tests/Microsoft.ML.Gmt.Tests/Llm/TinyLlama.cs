using Microsoft.ML.Gmt.Llm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

/// <summary>Small models with every feature on, for properties that need no golden numbers.</summary>
internal static class TinyLlama
{
    public static LlamaConfig Config => new()
    {
        VocabularySize = 61,
        HiddenSize = 32,
        IntermediateSize = 48,
        LayerCount = 3,
        HeadCount = 4,
        KeyValueHeadCount = 2,
        InitializerRange = 0.4,
        BeginOfSequenceId = 1,
        EndOfSequenceIds = [2],
        PadId = 0,
    };

    public static LlamaModel Create(LlamaConfig? config = null, int seed = 7, ScalarType dtype = ScalarType.Float32) =>
        new(config ?? Config, seed, dtype);

    /// <summary>Reproducible token ids from 3 upwards.</summary>
    public static int[] Prompt(int length, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(3, Config.VocabularySize))];
    }

    /// <summary>[1, tokens].</summary>
    public static Tensor Row(IEnumerable<int> ids) => tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0);

    /// <summary>libtorch on one thread until disposed: thousands of tiny products wait longer for each other than they compute.</summary>
    public static IDisposable OneThread()
    {
        int before = get_num_threads();
        set_num_threads(1);
        return new Restored(before);
    }

    private sealed class Restored(int threads) : IDisposable
    {
        public void Dispose() => set_num_threads(threads);
    }
}

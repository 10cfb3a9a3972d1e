using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks;

/// <summary>
/// The sentence encoder on texts of CoDEx-S, in sentences a second beside the bound: the products of its matrices alone, for the tokens
/// that there are, without padding. Both run in turn, so that a busy machine slows both; best of several rounds.
/// </summary>
internal sealed class SentenceSpeed : IBenchmark
{
    private const string Name = "all-minilm-l6-v2";
    private const int Rounds = 8;
    private const int Sentences = 512;

    public string Verb => "sentences";

    public string What => "the sentence encoder beside its matrix products alone";

    public void Run()
    {
        if (Machine.PretrainedModel(Name) is not { } folder)
        {
            Console.WriteLine($"No {Name}: put the folder that holds it into GMT_MODELS.");
            return;
        }

        TorchRuntime.EnsureLoaded();
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(Machine.DataSet("codex-s"));
        string[] definitions =
            [.. Enumerable.Range(0, graph.Entities.Count).Select(graph.EntityDefinition).OfType<string>().Take(Sentences)];
        string[] names = [.. Enumerable.Range(0, Sentences).Select(graph.EntityText)];
        int available = get_num_threads();
        Console.WriteLine(
            "| texts | tokens a text | batch | threads | products alone, ms | GFLOP/s | whole, ms | whole / products | sentences/s |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        using SentenceEncoder encoder = SentenceEncoder.Load(folder);
        for (int threads = 1; threads <= available; threads *= 2)
        {
            set_num_threads(threads);
            Measure(encoder, "definitions", definitions, threads);
            Measure(encoder, "names", names, threads);
        }

        set_num_threads(available);
    }

    private static void Measure(SentenceEncoder encoder, string kind, string[] texts, int threads)
    {
        const int batchSize = 32;
        using DisposeScope scope = NewDisposeScope();
        texts = texts[..(texts.Length / batchSize * batchSize)];
        int tokens = texts.Sum(text => encoder.Tokenize(text).Count);
        var products = new Products(encoder, tokens * batchSize / texts.Length);
        int batches = texts.Length / batchSize;
        Best alone = new(), whole = new();
        for (int round = 0; round < Rounds; round++)
        {
            alone.Time(() => products.Run(batches));
            whole.Time(() =>
            {
                using DisposeScope results = NewDisposeScope();
                encoder.Encode(texts, batchSize);
            });
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {texts.Length} {kind} | {(double)tokens / texts.Length:f1} | {batchSize} | {threads} | {alone.Seconds * 1e3:f0} | {products.Flops * batches / alone.Seconds / 1e9:f0} | "
            + $"{whole.Seconds * 1e3:f0} | {whole.Seconds / alone.Seconds:f2} | {texts.Length / whole.Seconds:f0} |"));
    }

    /// <summary>Every matrix of every layer, on the tokens of a batch.</summary>
    private sealed class Products(SentenceEncoder encoder, int tokens)
    {
        private readonly (Tensor Input, Tensor Weight)[] _matrices =
        [
            .. Enumerable.Range(0, 4).Select(_ => Matrix(tokens, encoder.Dimension, encoder.Dimension)),
            Matrix(tokens, encoder.Dimension, encoder.IntermediateSize), Matrix(tokens, encoder.IntermediateSize, encoder.Dimension),
        ];

        public double Flops => _matrices.Sum(matrix => 2.0 * tokens * matrix.Weight.numel()) * encoder.LayerCount;

        public void Run(int batches)
        {
            using IDisposable inference = no_grad();
            for (int i = 0; i < batches * encoder.LayerCount; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                foreach ((Tensor input, Tensor weight) in _matrices)
                {
                    input.mm(weight.t());
                }
            }
        }

        private static (Tensor Input, Tensor Weight) Matrix(int tokens, int inputs, int outputs) =>
            (randn(tokens, inputs), randn(outputs, inputs));
    }
}

using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks;

/// <summary>
/// Stage 2 on CoDEx-S with the small LLaMA of the examples, the demo's settings: a training step, and verdicts, in tokens and rows a second
/// beside the bound:
/// the products of the language model's matrices alone, forward everywhere and backward for the input above the first memory layer. Both
/// run in turn, so that a busy machine slows both; best of several rounds.
/// </summary>
internal sealed class GmtSpeed : IBenchmark
{
    private const int Rounds = 12;

    public string Verb => "gmt";

    public string What => "a training step of stage 2, and verdicts, beside the language model's matrix products alone";

    public void Run()
    {
        TorchRuntime.EnsureLoaded();
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(Machine.DataSet("codex-s"));
        int available = get_num_threads();
        Console.WriteLine(
            "| work | memory layers | rows | threads | products alone, ms | GFLOP/s | whole, ms | whole / products | tokens/s | rows/s |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        for (int threads = 1; threads <= available; threads *= 2)
        {
            set_num_threads(threads);
            foreach (int[] layers in new int[][] { [3, 4], [0, 1, 2, 3, 4] })
            {
                Measure(graph, layers, threads);
            }
        }

        set_num_threads(available);
    }

    private static void Measure(KnowledgeGraph graph, int[] layers, int threads)
    {
        using DisposeScope scope = NewDisposeScope();
        var streams = new RandomStreams(42);
        using Generator generator = streams.Generator("relations");
        using LlamaModel llama = LlamaModel.Load(Machine.Model("tiny-llama"), ScalarType.Float32);
        TextTokenizer tokenizer = TokenizerFolder.Load(Machine.Model("tiny-llama"));
        var module = new SgmModule(new SgmOptions(), RelationSemantics.Draw(graph.Relations.Count, 256, generator), streams);
        using var model = new GmtModel(llama, graph, module, new MemoryOptions { MemoryLayers = layers }, streams);
        InstructionExample[] examples = [.. TripleExamples.OfSplit(graph, GraphSplit.Validation, TriplePrompt.Reference)];

        var options = new GmtTrainingOptions { BatchSize = 16, Mask = QueryMask.Full };
        IReadOnlyList<TokenizedRow> rows = new RowTokenizer(tokenizer, trainOnInputs: false).Tokenize(examples);
        using var step = new GmtStep(model, options, streams, totalSteps: 1000);
        IEnumerator<IReadOnlyList<IReadOnlyList<TokenizedRow>>> batches = new RowBatches(
            rows, options.Sizes, streams).Epoch(0).GetEnumerator();
        int taken = 100;
        Print("training step", layers, options.BatchSize, threads, Tokens(rows), new Products(llama.Config, options.BatchSize * Tokens(rows), layers.Min()), () =>
        {
            batches.MoveNext();
            step.Take(batches.Current, taken++);
        });

        const int together = 64;
        model.Freeze();
        var judge = new TripleJudge(model, tokenizer, TriplePrompt.Reference);
        Triple[] test = graph.Triples(GraphSplit.Test).ToArray();
        int start = 0;
        Print("verdicts", layers, together, threads, Tokens(rows), new Products(llama.Config, together * Tokens(rows), llama.Config.LayerCount), () =>
        {
            judge.Judge(test.AsSpan(start, together).ToArray());
            start += together;
        });
    }

    /// <summary>Mean length of a row.</summary>
    private static int Tokens(IReadOnlyList<TokenizedRow> rows) => (int)Math.Round(rows.Average(row => row.Ids.Count));

    private static void Print(string work, int[] layers, int rows, int threads, int tokens, Products products, Action action)
    {
        Best alone = new(), whole = new();
        for (int round = 0; round < Rounds; round++)
        {
            alone.Time(products.Run);
            whole.Time(action);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {work} | {string.Join(' ', layers)} | {rows} | {threads} | {alone.Seconds * 1e3:f1} | {products.Flops / alone.Seconds / 1e9:f0} | {whole.Seconds * 1e3:f1} | "
            + $"{whole.Seconds / alone.Seconds:f2} | {rows * tokens / whole.Seconds:f0} | {rows / whole.Seconds:f0} |"));
    }

    /// <summary>
    /// Every matrix of the language model's layers on so many tokens; above the first layer with a gradient also its transpose.
    /// </summary>
    private sealed class Products(LlamaConfig config, int tokens, int firstWithGradient)
    {
        private readonly (Tensor Input, Tensor Weight, Tensor Output)[] _matrices =
        [
            Matrix(tokens, config.HiddenSize, config.HeadCount * config.HeadSize),
            Matrix(tokens, config.HiddenSize, config.KeyValueHeadCount * config.HeadSize),
            Matrix(tokens, config.HiddenSize, config.KeyValueHeadCount * config.HeadSize),
            Matrix(tokens, config.HeadCount * config.HeadSize, config.HiddenSize),
            Matrix(tokens, config.HiddenSize, config.IntermediateSize), Matrix(tokens, config.HiddenSize, config.IntermediateSize),
            Matrix(tokens, config.IntermediateSize, config.HiddenSize),
        ];

        public double Flops =>
            _matrices.Sum(
                matrix => 2.0 * matrix.Input.size(0) * matrix.Weight.numel()) * (config.LayerCount + config.LayerCount - firstWithGradient);

        public void Run()
        {
            using IDisposable inference = no_grad();
            using DisposeScope scope = NewDisposeScope();
            for (int layer = 0; layer < config.LayerCount; layer++)
            {
                foreach ((Tensor input, Tensor weight, Tensor output) in _matrices)
                {
                    input.mm(weight.t());
                    if (layer >= firstWithGradient)
                    {
                        output.mm(weight);
                    }
                }
            }
        }

        private static (Tensor Input, Tensor Weight, Tensor Output) Matrix(int tokens, int inputs, int outputs) =>
            (randn(tokens, inputs), randn(outputs, inputs), randn(tokens, outputs));
    }
}

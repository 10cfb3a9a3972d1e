using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Examples.TinyLlama;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

// Trains the small LLaMA that the demo ships: on the training facts of a graph, and the words that describe its entities.
//   dotnet run -c Release --project examples/tiny-llama -- --data examples/data/codex-s --output examples/models/tiny-llama
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Option<string> data = new("--data") { Description = "The graph's folder.", DefaultValueFactory = _ => "examples/data/codex-s" };
Option<string> output = new("--output") { Description = "Where the model goes.", DefaultValueFactory = _ => "examples/models/tiny-llama" };
Option<int> epochs = new("--epochs")
{
    Description = "How often the corpus is read.",
    DefaultValueFactory = _ => new TrainingOptions().Epochs,
};
Option<double> learningRate = new("--learning-rate")
{
    Description = "The highest learning rate.",
    DefaultValueFactory = _ => new TrainingOptions().LearningRate,
};
Option<int> vocabulary = new("--vocabulary") { Description = "How many tokens.", DefaultValueFactory = _ => 4096 };
Option<int> threads = new("--threads")
{
    Description = "How many cores compute; one is faster where other programs use the machine.",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
Option<int> seed = new("--seed") { Description = "Decides every random draw.", DefaultValueFactory = _ => 42 };
RootCommand command = new("Trains a small LLaMA on the training facts of a knowledge graph.")
{
    data, output, epochs, learningRate, vocabulary, threads, seed,
};
command.SetAction((arguments, cancellation) => Task.Run(() => Run(
    arguments.GetValue(data)!,
    arguments.GetValue(output)!,
    arguments.GetValue(vocabulary),
    arguments.GetValue(threads),
    new TrainingOptions
    {
        Epochs = arguments.GetValue(epochs),
        LearningRate = arguments.GetValue(learningRate),
        Seed = arguments.GetValue(seed),
    },
    cancellation), CancellationToken.None));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

static int Run(string data, string output, int vocabularySize, int threads, TrainingOptions options, CancellationToken cancellation)
{
    KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(data);
    Corpus corpus = Corpus.Build(graph, options.Seed);
    Console.WriteLine(
        $"corpus: {corpus.Sentences.Count:N0} sentences, {corpus.LeftOut:N0} left out because they hold both names of a validation or test fact, "
        + $"{corpus.HeldOutFacts.Count:N0} training facts held out");

    LlamaConfig config = new()
    {
        VocabularySize = vocabularySize,
        HiddenSize = 192,
        IntermediateSize = 512,
        LayerCount = 5,
        HeadCount = 6,
        KeyValueHeadCount = 2,
        NormEpsilon = 1e-5,
        TieEmbeddings = true,
        MaxPositions = 512,
        InitializerRange = 0.04,
        BeginOfSequenceId = TokenizerFiles.BeginId,
        EndOfSequenceIds = [TokenizerFiles.EndId],
        PadId = TokenizerFiles.PadId,
    };
    (IReadOnlyList<byte[]> tokens, IReadOnlyList<(int Left, int Right)> merges) =
        BytePairTrainer.Train(corpus.Sentences, vocabularySize - TokenizerFiles.FirstId);
    TokenizerFiles.Write(output, tokens, merges, config.MaxPositions);
    TextTokenizer tokenizer = TokenizerFolder.Load(output);
    int[][] rows = TokenRows.Encode(tokenizer, corpus.Sentences);
    Console.WriteLine($"tokenizer: {tokenizer.VocabularySize:N0} tokens; corpus: {rows.Sum(row => row.Length):N0} tokens");

    TorchRuntime.EnsureLoaded();
    set_num_threads(threads);
    using LlamaModel model = new(config, options.Seed);
    Console.WriteLine($"model: {model.parameters().Sum(parameter => parameter.numel()):N0} parameters");
    Stopwatch watch = Stopwatch.StartNew();
    bool complete = new LanguageModelTrainer(model, options, new ConsoleProgress(), cancellation).Train(rows, Save);
    Console.WriteLine(
        $"{(complete ? "trained" : "stopped, with what was learned so far,")} after {watch.Elapsed:hh\\:mm\\:ss}, "
        + $"{Process.GetCurrentProcess().TotalProcessorTime.TotalMinutes:F1} CPU minutes");

    Save();
    using LlamaModel saved = LlamaModel.Load(output);
    Measurements measurements = new(saved, tokenizer, graph);
    Triple[] validation = graph.TripleMemory(GraphSplit.Validation).ToArray();
    Console.WriteLine(
        $"perplexity a token: {measurements.Perplexity(corpus.HeldOutFacts):F2} on held-out training facts, "
        + $"{measurements.Perplexity(validation):F2} on validation facts");
    Report("held-out training facts against typed negatives", measurements.Judge(corpus.HeldOutFacts, corpus.HeldOutNegatives));
    if (!graph.Negatives(GraphSplit.Validation).IsEmpty)
    {
        Report(
            "validation facts against hard negatives",
            measurements.Judge(validation, graph.NegativeMemory(GraphSplit.Validation).ToArray()));
    }

    return complete ? 0 : 1;

    // Half precision keeps 11 bits of each weight, at half the size; it is widened when the model is loaded.
    void Save()
    {
        using var scope = NewDisposeScope();
        var halved = model.named_parameters()
            .Select(entry => new KeyValuePair<string, Tensor>(entry.name, entry.parameter.to_type(ScalarType.Float16)));
        SafetensorsWriter.Write(Path.Combine(output, "model.safetensors"), halved);
        (config with { DataType = ScalarType.Float16 }).Save(output);
    }

    static void Report(string what, (double Accuracy, double AreaUnderCurve) verdicts) =>
        Console.WriteLine($"verdicts on {what}: accuracy {verdicts.Accuracy:P1}, area under the ROC curve {verdicts.AreaUnderCurve:F3}");
}

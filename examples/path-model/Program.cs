using System.CommandLine;
using System.Globalization;
using Examples.PathModel;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

// Trains the small path model that the package carries, on training triples of the graphs that are given.
//   dotnet run -c Release --project examples/path-model -- --data fb15k-237 wn18rr --output path-model.safetensors
// Ctrl+C keeps what it has; the same command goes on from there, and may ask for more epochs.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Option<string[]> data = new("--data")
{
    Description = "Folders of graphs in OpenKE's format; one has 50 relations or more.",
    Required = true,
    AllowMultipleArgumentsPerToken = true,
};
Option<string> output = new("--output") { Description = "Where the model goes.", DefaultValueFactory = _ => "path-model.safetensors" };
Option<int> epochs = new("--epochs") { Description = "How many epochs of 1,000 steps, all runs together.", DefaultValueFactory = _ => 60 };
Option<int> threads = new("--threads")
{
    Description = "How many cores compute; one is faster where other programs use the machine.",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
Option<string> startFrom = new("--start-from")
{
    Description = "A checkpoint of ULTRA's architecture to begin with, in place of random weights; the model has its shape.",
    DefaultValueFactory = _ => "",
};
Option<double> learningRate = new("--learning-rate")
{
    Description = "The highest learning rate.",
    DefaultValueFactory = _ => new PretrainingOptions().LearningRate,
};
Option<int> seed = new("--seed") { Description = "Decides every random draw.", DefaultValueFactory = _ => 42 };
Option<string[]> judged = new("--with")
{
    Description = "Folders of graphs that are judged on.",
    Required = true,
    AllowMultipleArgumentsPerToken = true,
};
Command overlap = new("overlap", "Counts what graphs that are judged on share with those of --data, by name.") { data, judged };
overlap.SetAction(arguments => Comparison.OfNames(arguments.GetValue(data)!, arguments.GetValue(judged)!));
Option<string> model = new("--model") { Description = "A checkpoint of ULTRA's architecture.", Required = true };
Command judge = new("judge", "Figures of a model on test triples, and those of an untrained one and of common neighbors.")
{
    model, judged,
};
judge.SetAction((arguments, cancellation) => Task.Run(
    () => Comparison.Judge(arguments.GetValue(model)!, arguments.GetValue(judged)!, cancellation), CancellationToken.None));
RootCommand command = new("Trains a small path model on subgraphs of knowledge graphs.")
{
    data, output, epochs, startFrom, learningRate, threads, seed, overlap, judge,
};
command.SetAction((arguments, cancellation) => Task.Run(() => Run(
    arguments.GetValue(data)!, arguments.GetValue(output)!, arguments.GetValue(epochs), arguments.GetValue(startFrom)!,
    new PretrainingOptions { LearningRate = arguments.GetValue(learningRate), Seed = arguments.GetValue(seed) },
    arguments.GetValue(threads), cancellation), CancellationToken.None));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

static int Run(
    string[] data, string output, int epochs, string startFrom, PretrainingOptions options, int threads, CancellationToken cancellation)
{
    TorchRuntime.EnsureLoaded();
    set_num_threads(threads);
    var graphs = data.Select(folder =>
        (Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), KnowledgeGraphReader.ReadOpenKe(folder)));
    var sources = new PretrainingData(graphs, new SamplerOptions());
    using FoundationModule module = startFrom.Length == 0
        ? FoundationModule.Create(PretrainingOptions.Shape, new RandomStreams(options.Seed))
        : FoundationModule.From(FoundationCheckpoint.Read(startFrom));
    Console.WriteLine($"{module.Shape}: {module.parameters().Sum(parameter => parameter.numel()):N0} parameters");
    using var task = new PretrainingTask(module, options, sources, (weights, _) => Save(weights));
    TrainingResult result = TrainingLoop<QueryBatch>.Run(
        task,
        new TrainingLoopOptions(
            epochs, EarlyStoppingPatience: null,
            new TrainingCheckpointOptions { Path = $"{output}.training", Resume = true, KeepsEnd = true }, new ConsoleProgress())
        {
            KeepBestWeights = false,
        },
        cancellation);
    Save(task.Average.Module);
    double? figure = result.History.Steps.LastOrDefault(step => step.Metric is not null)?.Metric;
    Console.WriteLine(
        $"{(result.IsCancelled ? "stopped" : "done")} after {result.History.Steps.Count:N0} steps and "
        + $"{task.CpuTime.TotalHours:F2} CPU hours; validation MRR {figure:F4}");
    return result.IsCancelled ? 1 : 0;

    void Save(FoundationModule weights)
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(output, weights.Parts());
    }
}

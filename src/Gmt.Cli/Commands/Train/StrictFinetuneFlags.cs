using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>What <c>gmt finetune</c> offers beside the script's options.</summary>
internal sealed class StrictFinetuneFlags
{
    private const string Labels = "labels", Negatives = "negatives";

    private readonly Option<string> _examples = Flag.Choice(
        "--examples", "Without --data_path: the labeled validation triples, or training triples with a false one each; auto takes labels where there are some.",
        "auto", Labels, Negatives);

    private readonly Option<bool> _noMask = Flag.Switch("--no_mask_query", "Leaves the edges that state a row's triple in its evidence.");
    private readonly Option<int> _patience = Flag.Integer(
        "--patience", "Epochs without a smaller validation loss after which training ends; 0 for no end.", 0);
    private readonly Option<double> _gateFactor = Flag.Number("--gate_factor", "The gates' learning rate over the others'.", 1);
    private readonly Option<int> _seed = Flag.Integer("--seed", "Decides every random draw.", new GmtTrainingOptions().Seed);

    /// <summary>Where the model goes as an archive of ML.NET.</summary>
    public Option<string> Archive { get; } = Flag.Text("--archive", "Also saves the model for ML.NET, graph included (.zip).", form: "FILE");

    /// <summary>Options of the rows.</summary>
    public Option[] Rows => [_examples, _noMask];

    /// <summary>Options of the training.</summary>
    public Option[] Training => [_patience, _gateFactor, _seed];

    /// <summary>What of a row's triple is hidden.</summary>
    public QueryMask Mask(CommandContext context) => context.Get(_noMask) ? QueryMask.None : QueryMask.Compatible;

    /// <summary>The training asked for.</summary>
    public GmtTrainingOptions Apply(CommandContext context, GmtTrainingOptions options) => options with
    {
        Mask = Mask(context),
        Seed = context.Get(_seed),
        GateLearningRateFactor = context.Get(_gateFactor),
        EarlyStoppingPatience = context.Get(_patience) is > 0 and var patience ? patience : null,
    };

    /// <summary>Questions about the graph's own triples.</summary>
    /// <exception cref="CommandFailure">Labels are wanted and there are none.</exception>
    public IEnumerable<InstructionExample> Examples(CommandContext context, KnowledgeGraph graph, RandomStreams streams)
    {
        bool hasLabels = !graph.Negatives(GraphSplit.Validation).IsEmpty;
        return context.Get(_examples) switch
        {
            Labels when !hasLabels => throw new CommandFailure(
                "the graph has no labeled validation triples (valid_neg2id.txt); give --data_path or --examples negatives"),
            Negatives => WithNegatives(graph, streams),
            _ => hasLabels ? TripleExamples.OfSplit(graph, GraphSplit.Validation) : WithNegatives(graph, streams),
        };
    }

    private static IEnumerable<InstructionExample> WithNegatives(KnowledgeGraph graph, RandomStreams streams) =>
        TripleExamples.WithNegatives(graph, graph.TripleMemory(GraphSplit.Train), new NegativeSampler(graph, NegativeSampling.Typed, streams));
}

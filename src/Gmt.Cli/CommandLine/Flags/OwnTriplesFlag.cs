using System.CommandLine;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Which of the graph's own triples stage 2 learns from, where no rows are given.</summary>
internal sealed class OwnTriplesFlag
{
    private const string Labels = "labels", Negatives = "negatives";

    private readonly Option<string> _examples = Flag.Choice(
        "--examples",
        "Without --data_path: the labeled validation triples, or training triples with a false one each; auto takes labels where there are some.",
        "auto", Labels, Negatives);

    /// <summary>The option.</summary>
    public Option Option => _examples;

    /// <summary>The rows.</summary>
    /// <exception cref="CommandFailure">Labels are wanted and there are none.</exception>
    public IDataView Rows(CommandContext context, KnowledgeGraph graph, int seed)
    {
        bool hasLabels = !graph.Negatives(GraphSplit.Validation).IsEmpty;
        string chosen = context.Get(_examples);
        return chosen == Labels && !hasLabels
            ? throw new CommandFailure(
                "the graph has no labeled validation triples (valid_neg2id.txt); give --data_path or --examples negatives")
            : chosen != Negatives && hasLabels ? graph.ToLabeledDataView(GraphSplit.Validation)
            : graph.ToDataView(negativesPerPositive: 1, seed: seed);
    }
}

using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Tells statements that are true or false from questions with candidates.</summary>
internal static class StatementTask
{
    /// <summary>The task that is meant; <c>auto</c> is decided by the first row.</summary>
    /// <param name="name">The word for it.</param>
    /// <param name="rows">The rows, with their JSON.</param>
    /// <param name="labels">What says true and what false.</param>
    /// <exception cref="CommandFailure">The first row is neither.</exception>
    public static TextTask Of(string name, IReadOnlyList<InstructionExample> rows, TruthLabels labels) => name switch
    {
        "classification" => TextTask.Classification,
        "link_prediction" => TextTask.LinkPrediction,
        _ => rows.Count == 0 ? TextTask.Classification : Of(rows[0], labels),
    };

    private static TextTask Of(InstructionExample row, TruthLabels labels)
    {
        // "Yes" may be the name of a band: among candidates it is an answer, not a label.
        IReadOnlyList<string> candidates = InstructionRow.Candidates(row.Json!.Value);
        bool isAnswer = candidates.Contains(row.Output, StringComparer.OrdinalIgnoreCase);
        if (labels.IsLabel(row.Output) && !isAnswer)
        {
            return TextTask.Classification;
        }

        return candidates.Count > 0 || row.Input.Contains("candidate", StringComparison.OrdinalIgnoreCase)
            ? TextTask.LinkPrediction
            : throw new CommandFailure(
                $"row 1 has no candidates, and its output '{row.Output}' says neither true nor false: what is asked? "
                + "Name its labels by --true_label and --false_label, or say --task link_prediction");
    }
}

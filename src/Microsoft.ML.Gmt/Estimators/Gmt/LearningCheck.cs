using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt;

/// <summary>Finds finetuning runs that taught no more than how frequent each answer is.</summary>
/// <param name="judge">Asks the trained model.</param>
/// <param name="settings">The words of questions and answers.</param>
internal sealed class LearningCheck(TripleJudge judge, GmtTransformerSettings settings)
{
    /// <summary>A loss that is nearer than this to that of guessing may be noise, in either stage.</summary>
    public const double NearGuessing = 0.98;

    private const double NearChance = 0.55;
    private const int MostRows = 512, MostAnswers = 16, FewestSteps = 10;

    /// <summary>The loss of a model that gives each answer as often as it occurs: the answers' entropy over the tokens of a row.</summary>
    /// <param name="answers">The answer of each row.</param>
    /// <param name="tokens">Tokens of each row that are predicted.</param>
    /// <returns>Null where there are so many answers that their frequencies say little.</returns>
    public static double? GuessingLoss(IReadOnlyList<string> answers, IReadOnlyList<int> tokens)
    {
        int[] counts = [.. answers.CountBy(answer => answer).Select(entry => entry.Value)];
        if (counts.Length is 0 or > MostAnswers || tokens.Sum() == 0)
        {
            return null;
        }

        double entropy = -counts.Sum(count => (double)count / answers.Count * Math.Log((double)count / answers.Count));
        return entropy / tokens.Average();
    }

    /// <summary>Says that a run taught nothing, and what to try.</summary>
    /// <param name="result">The run.</param>
    /// <param name="training">Questions with answers that it learned from.</param>
    /// <param name="rows">The same as tokens.</param>
    /// <param name="heldOut">Questions with answers that it did not learn from; may be empty.</param>
    /// <returns>Null where it learned something, or where that cannot be told.</returns>
    public string? Problem(
        TrainingResult result, IReadOnlyList<InstructionExample> training, IReadOnlyList<TokenizedRow> rows,
        IReadOnlyList<InstructionExample> heldOut)
    {
        if (result.IsCancelled || result.History.Steps.Count == 0)
        {
            return null;
        }

        // Where prompts are predicted too, the loss says little about the answers.
        double? guessing = settings.Text.TrainOnInputs
            ? null
            : GuessingLoss([.. training.Select(question => question.Output)], [.. rows.Select(row => row.LabelCount)]);
        double loss = result.BestMetric ?? LastLoss(result.History.Steps);
        if (loss < NearGuessing * guessing)
        {
            return null;
        }

        double area = settings.Instructions is null ? AreaUnderCurve.Of(Judged(heldOut)) : double.NaN;
        return area > NearChance || (double.IsNaN(area) && guessing is null) ? null
            : double.IsNaN(area) ? Sentence($"its loss is {loss:f3}, and guessing by the frequency of the answers gives {guessing:f3}")
            : Sentence($"it tells held-out rows apart no better than chance: the area under the ROC curve is {area:f2}");
    }

    private static string Sentence(FormattableString problem) =>
        $"This run learned nothing that its verdicts could rest on: {FormattableString.Invariant(problem)}. Try more epochs or rows "
        + "(some thousand steps), a lower or higher learning rate, a longer stage 1 with vectors of what relations mean, or a base model "
        + "that knows the graph's names.";

    /// <summary>The mean over the last quarter of the steps: a run of one epoch begins in it from nothing.</summary>
    private static double LastLoss(IReadOnlyList<TrainingStep> steps) =>
        steps.TakeLast(Math.Max(FewestSteps, steps.Count / 4)).Average(step => step.Loss);

    private List<(double Score, bool Label)> Judged(IReadOnlyList<InstructionExample> rows)
    {
        // Rows may be sorted by label or relation, so every nth of many is taken.
        int every = Math.Max(1, rows.Count / MostRows);
        string yes = settings.Text.Prompt.TrueAnswer;
        List<(double, bool)> judged = [];
        foreach (InstructionExample[] batch in rows.Where((_, row) => row % every == 0).Where(judge.Fits).Chunk(settings.BatchSize))
        {
            judged.AddRange(judge.Judge(batch).Zip(batch, (verdict, row) => (verdict.Score, row.Output == yes)));
        }

        return judged;
    }
}

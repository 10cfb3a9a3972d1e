using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Judges rows by probabilities, not by words: P(True) against P(False), or the likelihood of each candidate.</summary>
/// <param name="ml">The context.</param>
/// <param name="transformer">The model, whose questions are the rows' own.</param>
internal sealed class RowJudge(MLContext ml, GmtTransformer transformer)
{
    /// <summary>Verdicts in the order of the rows, from the transformer's own columns.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="truth">What their labels say.</param>
    /// <param name="progress">Told of every row.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public JudgedStatement[] Judge(
        IReadOnlyList<InstructionExample> rows, bool[] truth, IProgress<int> progress, CancellationToken cancellationToken)
    {
        IDataView judged = transformer.Transform(InstructionRows.Of(ml, rows, transformer.Graph));
        List<JudgedStatement> verdicts = [];
        foreach (JudgedStatement verdict in ml.Data.CreateEnumerable<JudgedStatement>(judged, reuseRowObject: false, ignoreMissingColumns: true))
        {
            cancellationToken.ThrowIfCancellationRequested();
            verdict.Label = truth[verdicts.Count];
            verdicts.Add(verdict);
            progress.Report(1);
        }

        return [.. verdicts];
    }

    /// <summary>Each row's candidates, the likeliest first, and its true answers.</summary>
    public TextRanking[] Rank(IReadOnlyList<InstructionExample> rows, IProgress<int> progress, CancellationToken cancellationToken)
    {
        FinetunedModel.Bound bound = transformer.Model.Binding.Get();
        var continuations = new ContinuationScorer(bound.Model.BaseModel);
        List<TextRanking> rankings = [];
        foreach (InstructionExample row in rows)
        {
            rankings.Add(Rank(bound, continuations, row, cancellationToken));
            progress.Report(1);
        }

        return [.. rankings];
    }

    private TextRanking Rank(
        FinetunedModel.Bound bound, ContinuationScorer continuations, InstructionExample row, CancellationToken cancellationToken)
    {
        string[] candidates =
            [.. InstructionRow.Candidates(row.Json!.Value).Where(candidate => candidate.Length > 0).Distinct(StringComparer.Ordinal)];
        IReadOnlyList<string> golds = InstructionRow.Golds(row.Json!.Value);
        if (candidates.Length == 0)
        {
            return new TextRanking([], golds);
        }

        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        MemoryReader reader = bound.Model.ReadEvidence(bound.Model.CollectEvidence([row.Triple], transformer.Mask));
        string prompt = transformer.Settings.Text.Template.Render(row.Instruction, row.Input);
        ContinuationQuery query = ContinuationQuery.FromText(bound.Base.Tokenizer, prompt, candidates);
        PromptWindow.Check(bound.Base.Model, query, prompt);
        double[] logs = continuations.ScoreContinuations([query], reader.Hook, cancellationToken)[0];
        return new TextRanking([.. candidates.Zip(logs).OrderByDescending(pair => pair.Second).Select(pair => pair.First)], golds);
    }
}

using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Judges rows by probabilities, not by words: P(True) against P(False), or the likelihood of each candidate.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">The language model's tokenizer.</param>
/// <param name="template">The text around instruction and input.</param>
/// <param name="mask">What of a row's triple is hidden from its evidence.</param>
internal sealed class RowJudge(GmtModel model, TextTokenizer tokenizer, PromptTemplate template, QueryMask mask)
{
    private const int VerdictsAtOnce = 16;

    private readonly VerdictScorer _verdicts = new(model, tokenizer);
    private readonly ContinuationScorer _continuations = new(model.BaseModel);

    /// <summary>Verdicts in the order of the rows.</summary>
    public Verdict[] Judge(IReadOnlyList<InstructionExample> rows, IProgress<int> progress, CancellationToken cancellationToken)
    {
        List<Verdict> verdicts = [];
        foreach (InstructionExample[] batch in rows.Chunk(VerdictsAtOnce))
        {
            verdicts.AddRange(_verdicts.Judge([.. batch.Select(Prompt)], Evidence(batch), cancellationToken));
            progress.Report(batch.Length);
        }

        return [.. verdicts];
    }

    /// <summary>Each row's candidates, the likeliest first, and its true answers.</summary>
    public TextRanking[] Rank(IReadOnlyList<InstructionExample> rows, IProgress<int> progress, CancellationToken cancellationToken)
    {
        List<TextRanking> rankings = [];
        foreach (InstructionExample row in rows)
        {
            rankings.Add(Rank(row, cancellationToken));
            progress.Report(1);
        }

        return [.. rankings];
    }

    private TextRanking Rank(InstructionExample row, CancellationToken cancellationToken)
    {
        string[] candidates = [.. InstructionRow.Candidates(row.Json!.Value).Where(candidate => candidate.Length > 0).Distinct(StringComparer.Ordinal)];
        IReadOnlyList<string> golds = InstructionRow.Golds(row.Json!.Value);
        if (candidates.Length == 0)
        {
            return new TextRanking([], golds);
        }

        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        MemoryReader reader = model.Read(model.Remember(Evidence([row])));
        double[] logs = _continuations.ScoreContinuations([ContinuationQuery.FromText(tokenizer, Prompt(row), candidates)], reader.Hook, cancellationToken)[0];
        return new TextRanking([.. candidates.Zip(logs).OrderByDescending(pair => pair.Second).Select(pair => pair.First)], golds);
    }

    private string Prompt(InstructionExample row) => template.Render(row.Instruction, row.Input);

    private TripleEvidence Evidence(IReadOnlyList<InstructionExample> rows) => model.CollectEvidence([.. rows.Select(row => (Graph.Triple?)row.Triple)], mask);
}

using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Ranks the entities that complete a fact.</summary>
internal sealed class RankCommand : GmtCommand
{
    private const int JudgedAtOnce = 16;

    private readonly Option<string> _head = Flag.Text("--head", "The head: ranks tails.", form: "NAME");
    private readonly Option<string> _relation = Flag.RequiredText("--relation", "The relation.", "NAME");
    private readonly Option<string> _tail = Flag.Text("--tail", "The tail: ranks heads.", form: "NAME");
    private readonly Option<string> _path = ModelFlags.PathOfAnyStage();
    private readonly ModelFlags _model = new();
    private readonly Option<int> _top = Flag.Integer("--top", "How many entities are shown.", 10, least: 1, most: 1_000_000_000);
    private readonly Option<int> _candidates = Flag.Integer(
        "--candidates", "How many of the best by score get a verdict, and are ordered by it.", 50, least: 1, most: 1_000_000_000);
    private readonly Option<bool> _new = Flag.Switch("--new", "Leaves out what the graph states already, in any split.");
    private readonly Option<bool> _typed = Flag.Switch(
        "--typed", "Only entities that stand at this side of the relation in a training triple.");
    private readonly ReportFlags _report = new();

    /// <summary>Creates the command.</summary>
    public RankCommand() : base("rank", "Ranks the entities that complete a fact: by scores, then by verdicts.")
    {
        Add("Question", _head, _relation, _tail);
        Add("Model", [_path, .. _model.PathModel, .. _model.Parts]);
        Add("Ranking", _top, _candidates, _typed, _new);
        Add(_model.GraphFiles);
        Add("Output", _report.All);
    }

    /// <inheritdoc/>
    public override string Example =>
        "--head \"Sweden\" --relation \"official language\" --typed --model facts.zip\n"
        + "gmt rank --relation \"made of\" --tail \"bronze\" --new --graph products.csv";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        (string head, string tail) = (context.Get(_head), context.Get(_tail));
        if (head.Length > 0 == tail.Length > 0)
        {
            throw new UsageError("give --head and --relation to rank tails, or --relation and --tail to rank heads");
        }

        using FactModel model = _model.LoadEither(context, context.Get(_path));
        var names = new GraphNames(model.Graph, context.Terminal);
        int relation = names.Relation(context.Get(_relation)), stated = names.Entity(head.Length > 0 ? head : tail);
        var known = new KnownTriples(model.Graph);
        var asked = new EntityQuestion(AsksTail: head.Length > 0, stated, relation)
        {
            OnlyNew = context.Get(_new),
            OnlyTyped = context.Get(_typed),
        };
        int count = Math.Max(context.Get(_top), model.HasVerdicts ? context.Get(_candidates) : 0);

        // A path model scores a stated answer without its edge, as it was trained; the graph module retrieves by all that it sees.
        QueryMask mask = model.PathModel is null ? QueryMask.None : model.Mask;
        IReadOnlyList<ScoredTriple> found = asked.Best(model.Scorer, known, count, mask);
        string question = head.Length > 0 ? $"({head}, {context.Get(_relation)}, ?)" : $"(?, {context.Get(_relation)}, {tail})";
        NamedItem Entity(Triple triple) => names.EntityItem(asked.Asked(triple));

        Report report = ModelReport.Titled(model, question)
            .About("head", head.Length > 0 ? names.EntityItem(stated) : null)
            .About("relation", names.RelationItem(relation))
            .About("tail", head.Length > 0 ? null : names.EntityItem(stated));
        if (model.HasLanguageModel)
        {
            Verdict[] verdicts =
            [
                .. found.Select(candidate => candidate.Triple).Chunk(JudgedAtOnce).SelectMany(
                    batch => model.Judge.Judge(batch, context.Interruption.Token)),
            ];
            report.With("judged", found.Count).With(new ReportTable(
                "entities by probability", ["rank", "entity", "probability", "rank of the graph module", "known"],
                [.. found.Select((candidate, place) => (candidate.Triple, Verdict: verdicts[place], Place: place + 1))
                    .OrderByDescending(item => item.Verdict.Score).Take(context.Get(_top))
                    .Select((item, rank) => new object?[] { rank + 1, Entity(item.Triple), item.Verdict.Probability, item.Place, known.Contains(item.Triple) })]));
        }
        else if (model.PathModel is { } paths)
        {
            ScoreJudge judge = paths.GetJudge();
            IReadOnlyList<ScoreVerdict> verdicts = judge.Judge([.. found.Select(item => item.Triple)], context.Interruption.Token);
            report.With("probabilities", $"{judge.CalibrationOf(relation)}").With(new ReportTable(
                "entities by probability", ["rank", "entity", "probability", "score", "rank by score", "known"],
                [
                    .. found.Select((candidate, place) => (candidate.Triple, candidate.Score, Verdict: verdicts[place], Place: place + 1))
                        .OrderByDescending(item => item.Verdict.LogOdds).Take(context.Get(_top)).Select((item, rank) => new object?[]
                        {
                            rank + 1, Entity(item.Triple), item.Verdict.Probability, (double)item.Score, item.Place,
                            known.Contains(item.Triple),
                        }),
                ]));
        }
        else
        {
            report.With(new ReportTable(
                "entities by score", ["rank", "entity", "score", "known"],
                [.. found.Select((item, rank) => new object?[] { rank + 1, Entity(item.Triple), (double)item.Score, known.Contains(item.Triple) })]));
        }

        _report.Write(context, report);
        return ExitCode.Success;
    }
}

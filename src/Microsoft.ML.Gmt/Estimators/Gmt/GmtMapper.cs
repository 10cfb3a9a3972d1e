using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt;

/// <summary>The columns that <see cref="GmtTransformer"/> adds to a schema.</summary>
internal sealed class GmtMapper : BatchMapper
{
    private readonly GmtTransformer _transformer;
    private readonly QuestionReader _questions;
    private readonly UnknownNames _unknown;
    private readonly FeatureExplainer _features;

    /// <exception cref="ArgumentOutOfRangeException">The schema lacks a column, or it has a wrong type.</exception>
    public GmtMapper(GmtTransformer transformer, DataViewSchema inputSchema, UnknownNames unknown)
        : base(inputSchema, Columns(transformer.Settings.Outputs))
    {
        (_transformer, _unknown) = (transformer, unknown);
        _questions = new QuestionReader(inputSchema, transformer.Settings);
        _features = new FeatureExplainer(transformer.Settings, PathSourceAnnotation.Find(inputSchema));
    }

    private enum Added
    {
        PredictedLabel,
        Probability,
        Score,
        Response,
        Explanation,
        Known,
    }

    /// <summary>The added columns, in the order of <see cref="Added"/>.</summary>
    public static IEnumerable<DataViewSchema.DetachedColumn> Columns(GmtOutputColumnNames names) =>
    [
        ScoreColumns.Make(names.PredictedLabel, BooleanDataViewType.Instance, ScoreColumns.PredictedLabel),
        ScoreColumns.Make(names.Probability, NumberDataViewType.Single, ScoreColumns.Probability),
        ScoreColumns.Make(names.Score, NumberDataViewType.Single, ScoreColumns.Score),
        new DataViewSchema.DetachedColumn(names.Response, TextDataViewType.Instance),
        new DataViewSchema.DetachedColumn(names.Explanation, TextDataViewType.Instance),
        new DataViewSchema.DetachedColumn(names.Known, BooleanDataViewType.Instance),
    ];

    /// <inheritdoc/>
    public override IEnumerable<DataViewSchema.Column> InputsOf(int added) => _questions.Columns;

    /// <inheritdoc/>
    public override RowBatch NewBatch(DataViewRow input, int capacity, Func<int, bool> isWanted) =>
        NewBatch(input, capacity, _unknown.NewCount());

    private Batch NewBatch(DataViewRow input, int capacity, NameCount count) =>
        new(_transformer, _features, _questions.NewReader(input, _transformer.Graph, count), count, capacity);

    /// <summary>Rows whose verdicts share a forward pass, and whose answers and explanations are computed if they are asked for.</summary>
    private sealed class Batch(
        GmtTransformer transformer, FeatureExplainer explainer, Func<InstructionExample?> reader, NameCount count, int capacity)
        : NamedRowBatch<InstructionExample?>(transformer.Lifetime, reader, count, capacity)
    {
        // ML.NET's missing value: neither a verdict nor even odds.
        private static readonly Verdict s_none = new(double.NaN, double.NaN);

        private Verdict[]? _verdicts;
        private ReadOnlyMemory<char>[]? _responses;
        private ReadOnlyMemory<char>[]? _explanations;

        private TripleJudge Judge => transformer.ModelInUse.Binding.Get().Judge;

        public override Delegate NewGetter(int added, Func<int> slot) => (Added)added switch
        {
            Added.PredictedLabel => (ValueGetter<bool>)((ref bool value) => value = VerdictOf(slot()).IsTrue),
            Added.Probability => (ValueGetter<float>)((ref float value) => value = (float)VerdictOf(slot()).Probability),
            Added.Score => (ValueGetter<float>)((ref float value) => value = (float)VerdictOf(slot()).Score),
            Added.Response => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = ResponseOf(slot())),
            Added.Explanation => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = ExplanationOf(slot())),
            _ => KnownGetter(slot),
        };

        protected override void Forget() => (_verdicts, _responses, _explanations) = (null, null, null);

        private Verdict VerdictOf(int slot) => (_verdicts ??= OfKnown(questions => Judge.Judge(questions!), s_none))[slot];

        private ReadOnlyMemory<char> ResponseOf(int slot) => (_responses ??= OfKnown(
            questions => [.. Judge.Respond(questions!, transformer.Settings.Text.MaxNewTokens).Select(text => text.AsMemory())],
            default(ReadOnlyMemory<char>)))[slot];

        private ReadOnlyMemory<char> ExplanationOf(int slot) => (_explanations ??= OfKnown(
            questions =>
            [
                .. explainer.Explain(Judge, questions!, Capacity)
                    .Zip(
                        Judge.Explain([.. questions.Select(question => question!.Triple)], transformer.Settings.ExplanationEdges),
                        (reasons, edges) => Describe(reasons, edges).AsMemory()),
            ],
            default(ReadOnlyMemory<char>)))[slot];

        private string Describe(FeatureReasons reasons, IEnumerable<EdgeReading> edges) => string.Join(
            "; ",
            [
                .. reasons.Features.Select(feature => string.Create(
                    CultureInfo.InvariantCulture, $"{feature.Name} = {feature.Value:g4} ({feature.Effect:+0.00;-0.00;0.00})")),
                .. reasons.Paths.Select(reason => string.Create(
                    CultureInfo.InvariantCulture, $"{reason.Name} ({reason.Effect:+0.00;-0.00;0.00}){Describe(reason.Paths)}")),
                .. edges.Select(
                    edge => string.Create(CultureInfo.InvariantCulture, $"{transformer.Graph.TripleText(edge.Fact)} {edge.Weight:p1}")),
            ]);

        private string Describe(IReadOnlyList<ExplainedPath> paths) => paths.Count == 0 ? "" : " by " + string.Join(
            " or ",
            paths.Select(path => string.Create(CultureInfo.InvariantCulture, $"{path.Text(transformer.Graph)} {path.Weight:f2}")));
    }
}

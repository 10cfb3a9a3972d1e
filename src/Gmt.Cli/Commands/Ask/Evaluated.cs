using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>What came of judging a model.</summary>
/// <param name="Triples">The labeled triples; null where only labels are wanted and the data have none.</param>
/// <param name="Judged">What the model makes of them, in their order.</param>
/// <param name="Verdicts">The figures; null where there are no triples.</param>
/// <param name="Links">Link prediction; null where it is left out.</param>
internal sealed record Evaluated(JudgedTriples? Triples, JudgedStatement[] Judged, Report? Verdicts, RankedLinks? Links)
{
    /// <summary>What there is to report.</summary>
    public IEnumerable<Report> Reports => new[] { Verdicts, Links?.Report }.OfType<Report>();
}

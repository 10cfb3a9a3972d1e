using System.Globalization;
using Microsoft.Extensions.Options;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>Checks <see cref="GmtOptions"/>: each failure names the option, its value and the remedy.</summary>
internal sealed class GmtOptionsValidator : IValidateOptions<GmtOptions>
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(10), LongestInterval = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, GmtOptions options)
    {
        string[] failures =
        [
            .. Paths(options), .. InRange(nameof(options.MaximumBatchSize), options.MaximumBatchSize, 4096),
            .. InRange(nameof(options.MaximumConcurrentCalls), options.MaximumConcurrentCalls, 1024),
            .. InRange(nameof(options.RankCandidates), options.RankCandidates, 100_000), .. Interval(options.WatchInterval),
        ];
        string of = string.IsNullOrEmpty(name) ? nameof(GmtOptions) : $"{nameof(GmtOptions)} '{name}'";
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures.Select(text => $"{of}: {text}"));
    }

    private static string[] Paths(GmtOptions options) => (options.ModelPath, options.GraphPath) switch
    {
        ({ Length: > 0 } model, null or "") => Exists(nameof(options.ModelPath), model, "an archive that ml.Model.SaveAtomically wrote"),
        (null or "", { Length: > 0 } graph) => Exists(nameof(options.GraphPath), graph, "a graph's file or folder", orFolder: true),
        (null or "", null or "") => [$"neither {nameof(options.ModelPath)} nor {nameof(options.GraphPath)} is set; set one of them"],
        _ => [$"both {nameof(options.ModelPath)} '{options.ModelPath}' and {nameof(options.GraphPath)} '{options.GraphPath}' are set; "
            + "a model has its graph with it, so leave out one of them"],
    };

    private static string[] Exists(string option, string path, string what, bool orFolder = false) =>
        File.Exists(path) || (orFolder && Directory.Exists(path))
            ? [] : [$"{option} '{path}' does not exist; name {what}, relative to '{Environment.CurrentDirectory}' or absolute"];

    private static string[] InRange(string option, int value, int most) => value >= 1 && value <= most ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{option} is {value:n0}; choose a number from 1 to {most:n0}")];

    private static string[] Interval(TimeSpan value) => value >= ShortestInterval && value <= LongestInterval ? []
        : [$"{nameof(GmtOptions.WatchInterval)} is {value:c}; choose a time from {ShortestInterval:c} to {LongestInterval:c}"];
}

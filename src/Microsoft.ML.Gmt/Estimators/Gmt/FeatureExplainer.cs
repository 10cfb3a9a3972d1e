using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt;

/// <summary>
/// Says which features moved verdicts, and by which paths path models among them came to their scores. A path model is left out with all
/// its slots at once, since each of them alone hides behind the others.
/// </summary>
internal sealed class FeatureExplainer
{
    private readonly FeatureMemoryOptions? _options;
    private readonly PathSource? _paths;
    private readonly (string Name, int[] Slots)[] _models;

    /// <param name="settings">The model's settings.</param>
    /// <param name="paths">The path models among the features; null for none.</param>
    public FeatureExplainer(GmtTransformerSettings settings, PathSource? paths)
    {
        (_options, _paths) = (settings.Features?.Memory, paths);
        string[] slots = [.. settings.Features?.Scaling.Names ?? []];
        _models = _options is null or { ExplanationPaths: 0 } || paths is null ? [] :
        [
            .. paths.Names.Select(name => (name, Slots: SlotsOf(slots, name))).Where(model => model.Slots.Length > 0),
        ];
    }

    /// <summary>Explains the verdicts of questions.</summary>
    /// <param name="judge">The judge.</param>
    /// <param name="questions">The questions, with their features.</param>
    /// <param name="batchSize">How many verdicts share a forward pass.</param>
    /// <param name="features">The most features for each; null for what the model's options say.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public IReadOnlyList<FeatureReasons> Explain(
        TripleJudge judge, IReadOnlyList<InstructionExample> questions, int batchSize, int? features = null,
        CancellationToken cancellationToken = default)
    {
        IReadOnlyList<FeatureEffects.Found> effects = judge.ExplainFeatures(
            questions, features ?? _options?.ExplanationFeatures ?? 0, [.. _models.Select(model => model.Slots)], batchSize,
            cancellationToken);
        return [.. questions.Zip(effects, (question, found) => new FeatureReasons(found.Features, Paths(question, found.Groups)))];
    }

    private IReadOnlyList<PathReason> Paths(InstructionExample question, IReadOnlyList<double> effects) =>
    [
        .. _models.Zip(effects).Where(pair => Math.Abs(pair.Second) >= FeatureEffects.LeastEffect)
            .OrderByDescending(pair => Math.Abs(pair.Second))
            .Select(pair => new PathReason(
                pair.First.Name, pair.Second, _paths!.Explain(pair.First.Name, question.Query, _options!.ExplanationPaths))),
    ];

    // Where columns were joined, ML.NET puts their names before those of the slots.
    private static int[] SlotsOf(string[] slots, string name) =>
    [
        .. Enumerable.Range(0, slots.Length).Where(slot =>
            slots[slot].StartsWith($"{name}.", StringComparison.Ordinal) || slots[slot].Contains($".{name}.", StringComparison.Ordinal)),
    ];
}

/// <summary>What moved a verdict.</summary>
/// <param name="Features">The features that moved it most.</param>
/// <param name="Paths">The path models that moved it, the largest effect first.</param>
internal sealed record FeatureReasons(IReadOnlyList<FeatureReading> Features, IReadOnlyList<PathReason> Paths);

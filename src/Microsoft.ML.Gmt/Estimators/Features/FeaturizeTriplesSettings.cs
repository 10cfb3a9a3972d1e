using System.Text.Json.Serialization;
using Microsoft.ML.Gmt.Features;

namespace Microsoft.ML.Gmt;

/// <summary>What a <see cref="FeaturizeTriplesTransformer"/> is told beside its models; the content of its <c>config.json</c>.</summary>
internal sealed record FeaturizeTriplesSettings
{
    private const int MostScorers = 1_000;

    public required string OutputColumnName { get; init; }

    public required string KnownColumnName { get; init; }

    public required TripleColumnNames Columns { get; init; }

    public required bool HasEdgeMemory { get; init; }

    public required double EdgeMemoryRegularization { get; init; }

    /// <summary>Whether entities have neighbors by text.</summary>
    public required bool HasTextNeighbors { get; init; }

    /// <summary>The scorers' names, in the order of their slots.</summary>
    public required IReadOnlyList<string> Scorers { get; init; }

    /// <summary>For each scorer, whether there are parts of it that were fitted without a fold.</summary>
    public required IReadOnlyList<bool> IsFolded { get; init; }

    public required int NumberOfFolds { get; init; }

    public required int Seed { get; init; }

    public required int BatchSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public UnknownNameHandling UnknownNameHandling { get; init; }

    /// <summary>What stands where in a vector.</summary>
    [JsonIgnore]
    public IReadOnlyList<FeatureSlot> Slots =>
    [
        .. TripleFeaturizer.CountLayout(HasTextNeighbors),
        .. HasEdgeMemory ? EdgeMemoryFeatures.Layout : [],
        .. Scorers.SelectMany(ScoreFeatures.Layout),
    ];

    /// <exception cref="ArgumentException">Two scorers have one name.</exception>
    public static void CheckNames(IEnumerable<string> names)
    {
        IEnumerable<FeatureSlot> slots = TripleFeaturizer.CountLayout(withTexts: true).Concat(EdgeMemoryFeatures.Layout);
        HashSet<string> known = [.. slots.Select(slot => slot.Name.Split('.')[0])];
        foreach (string name in names)
        {
            if (!known.Add(name))
            {
                throw new ArgumentException(
                    $"Two kinds of features are named '{name}'; give each scorer a name of its own.", nameof(names));
            }
        }
    }

    /// <summary>What an archive says, checked before anything is made of it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public FeaturizeTriplesSettings Checked()
    {
        OutputNames.Check(OutputColumnName, KnownColumnName);
        if (Scorers.Count != IsFolded.Count || Scorers.Count > MostScorers)
        {
            throw new ArgumentException($"{Scorers.Count} scorers do not go with {IsFolded.Count}.", nameof(Scorers));
        }

        CheckNames(Scorers);
        new FeaturizeTriplesEstimator.Options
        {
            Columns = Columns,
            KnownColumnName = KnownColumnName,
            EdgeMemoryRegularization = EdgeMemoryRegularization,
            NumberOfFolds = NumberOfFolds,
            TransformBatchSize = BatchSize,
            UnknownNameHandling = UnknownNameHandling,
        }.Check();
        return this;
    }
}

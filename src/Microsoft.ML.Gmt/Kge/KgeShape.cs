using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>What decides the shapes of an embedding's matrices, and what its scores mean.</summary>
internal sealed record KgeShape
{
    private const int GreatestOfMatrices = 4_096;

    /// <summary>The score.</summary>
    public required KgeModel Model { get; init; }

    /// <summary>d: numbers of a vector; of ComplEx and RotatE complex ones.</summary>
    [OptionRange(1, KgeTrainingOptions.Defaults.GreatestDimension)]
    public required int EmbeddingDimension { get; init; }

    /// <summary>Whether heads are asked for by relations of their own, r + R.</summary>
    public required bool ReciprocalRelations { get; init; }

    /// <summary>TransE's norm, 1 or 2.</summary>
    [OptionRange(1, 2)]
    public required int DistanceNorm { get; init; }

    /// <summary>Rows of the relation matrix.</summary>
    public int RelationRows(GraphBounds bounds) => ReciprocalRelations ? 2 * bounds.Relations : bounds.Relations;

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Check()
    {
        OptionRanges.Check(this);
        if (!Enum.IsDefined(Model))
        {
            throw new ArgumentOutOfRangeException(nameof(Model), $"{Model} is no embedding model.");
        }

        if (Model == KgeModel.Rescal && EmbeddingDimension > GreatestOfMatrices)
        {
            throw new ArgumentOutOfRangeException(
                nameof(EmbeddingDimension),
                $"EmbeddingDimension is {EmbeddingDimension}; a relation of {Model} is a matrix, so it must be at most "
                + $"{GreatestOfMatrices}.");
        }
    }
}

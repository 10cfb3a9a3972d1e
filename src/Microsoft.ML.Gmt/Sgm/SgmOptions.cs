using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>The shape of a Semantic Graph Module. The defaults are the reference's.</summary>
public sealed record SgmOptions
{
    internal const int DefaultGraphDimension = 256;

    /// <summary>
    /// Width d of edge states, entity vectors and projected relation vectors; 256. Must be a multiple of <see cref="Heads"/>.
    /// </summary>
    [OptionRange(1, 65_536)]
    public int GraphDimension { get; init; } = DefaultGraphDimension;

    /// <summary>Number of context layers; 2.</summary>
    [OptionRange(0, 1_000)]
    public int Layers { get; init; } = 2;

    /// <summary>
    /// Attention heads of a context layer; 4. With a single key they matter to the dropout only, which drops whole heads.
    /// </summary>
    [OptionRange(1, 65_536)]
    public int Heads { get; init; } = 4;

    /// <summary>How many of a neighbor's edges make the context of an edge: the ones most similar in relation; 8.</summary>
    [OptionRange(1, 65_535)]
    public int TopK { get; init; } = 8;

    /// <summary>Dropout probability in training; 0.1.</summary>
    [OptionRange(0, 1, IsBelowMost = true)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Whether training changes the relations' vectors as well; false.</summary>
    public bool TrainableRelationSemantics { get; init; }

    internal void Check()
    {
        OptionRanges.Check(this);
        if (GraphDimension % Heads != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Heads), Heads, $"The graph dimension {GraphDimension} is not a multiple of {Heads} heads.");
        }
    }
}

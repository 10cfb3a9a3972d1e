namespace Microsoft.ML.Gmt.Training;

/// <summary>The order in which the parts of a reproducible step are added: one tree, whoever computes which part.</summary>
/// <remarks>
/// ((((0 + 1) + 2) + 3) + (4 + 5)) + ((6 + 7) + (8 + ((9 + 10) + 11))). Two, three and four ranks each hold stretches of 6, 4 and 3 parts;
/// the tree is cut so that each stretch is at most two of its branches, whose sums alone have to travel.
/// </remarks>
/// <param name="First">The first part of the branch.</param>
/// <param name="End">The part after the last.</param>
/// <param name="Left">The branch that is added first; null in a single part.</param>
/// <param name="Right">The branch that is added to it.</param>
internal sealed record PartTree(int First, int End, PartTree? Left, PartTree? Right)
{
    /// <summary>The parts of a step: the least number that 2, 3 and 4 divide.</summary>
    public const int Parts = 12;

    /// <summary>The tree of all parts.</summary>
    public static PartTree Root { get; } = Add(
        Add(Add(Add(Add(0, 1), 2), 3), Add(4, 5)),
        Add(Add(6, 7), Add(8, Add(Add(9, 10), 11))));

    /// <summary>The largest branches that lie in a stretch of parts, in their order; together they are the stretch.</summary>
    /// <param name="first">The stretch's first part.</param>
    /// <param name="end">The part after its last.</param>
    public IEnumerable<PartTree> Within(int first, int end) => first <= First && End <= end
        ? [this]
        : Left is null || end <= First || End <= first ? [] : [.. Left.Within(first, end), .. Right!.Within(first, end)];

    private static PartTree Add(PartTree left, PartTree right) => new(left.First, right.End, left, right);

    public static implicit operator PartTree(int part) => new(part, part + 1, null, null);
}

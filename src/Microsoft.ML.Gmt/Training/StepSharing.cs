using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;

namespace Microsoft.ML.Gmt.Training;

/// <summary>How the processes that train together share each optimizer step: which rows are whose, and whose gradients count.</summary>
/// <remarks>
/// All processes draw the same batches. A task computes the mean loss of each of this process's parts, and says by how much it counts: by
/// what of the batch's loss the part stands for. So the step is that of the whole batch. What is drawn at random for a row or a state must
/// depend on it and the step, not on where it stands in a part. A task may divide something else instead of rows, as long as the mean of
/// the parts' gradients is that of the batch.
/// </remarks>
/// <param name="ranks">The processes.</param>
/// <param name="average">Makes the parts' gradients one.</param>
internal sealed class StepSharing(ICollective ranks, IGradientAverage average)
{
    /// <summary>The processes.</summary>
    public ICollective Ranks { get; } = ranks;

    /// <summary>How many parts a step has, over all processes.</summary>
    public int Parts => average.Parts;

    /// <summary>Whether there are several.</summary>
    public bool IsDivided => Parts > 1;

    /// <summary>Rows that this process has learned from.</summary>
    public long RowsTaken { get; private set; }

    /// <summary>The sharing of some processes.</summary>
    /// <param name="ranks">The processes; null for this one alone.</param>
    /// <param name="reproducible">Whether the result must not depend on how many there are.</param>
    /// <exception cref="ArgumentException">There are more processes than parts of a reproducible step.</exception>
    public static StepSharing Of(ICollective? ranks, bool reproducible = false)
    {
        ranks ??= SingleRank.Instance;
        return new StepSharing(
            ranks, reproducible ? new FixedPartAverage(ranks) : ranks.Size > 1 ? new RankAverage(ranks) : SingleProcess.Instance);
    }

    /// <summary>Counts rows as learned from by this process.</summary>
    public void Count(int rows) => RowsTaken += rows;

    /// <summary>The parts of some work that are this process's: stretches, in their order, some perhaps without rows.</summary>
    /// <param name="rows">Rows of the whole.</param>
    public IReadOnlyList<RowShare> OwnParts(int rows) => [.. average.OwnParts.Select(part => RowShare.Of(part, Parts, rows))];

    /// <summary>Learns from this process's parts, in their order, and makes the gradients those of the step.</summary>
    /// <param name="parameters">What is trained; gradients that it has before count in each part.</param>
    /// <param name="rows">Rows of the whole step.</param>
    /// <param name="learn">Adds the gradients of a part; called for those without rows, too.</param>
    /// <returns>The step's mean loss.</returns>
    public double Learn(IReadOnlyList<Parameter> parameters, int rows, Func<RowShare, PartLoss> learn) =>
        average.Learn(parameters, part => learn(RowShare.Of(part, Parts, rows)));
}

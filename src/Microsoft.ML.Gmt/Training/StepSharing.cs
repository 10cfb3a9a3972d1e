using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Training;

/// <summary>How the processes that train together share each optimizer step: which rows are its own, and whose gradients count.</summary>
/// <remarks>
/// All processes draw the same batches. A task takes its <see cref="RowShare"/> of each, computes the mean loss of these rows, and hands
/// it to <see cref="GradientStep.Apply"/> with its weight: the part of the batch's loss that the rows stand for. So the step is that of
/// the whole batch. What is drawn at random for a row or a state must depend on it and the step, not on where it stands in a share.
/// A task may divide something else instead of rows, as long as the mean of the processes' gradients is that of the batch.
/// </remarks>
/// <param name="ranks">The processes.</param>
/// <param name="average">Makes their gradients one.</param>
internal sealed class StepSharing(ICollective ranks, IGradientAverage average)
{
    /// <summary>The processes.</summary>
    public ICollective Ranks { get; } = ranks;

    /// <summary>Makes their gradients one.</summary>
    public IGradientAverage Average { get; } = average;

    /// <summary>Whether there are several processes.</summary>
    public bool IsShared => Ranks.Size > 1;

    /// <summary>Rows that this process has learned from.</summary>
    public long RowsTaken { get; private set; }

    /// <summary>The sharing of some processes.</summary>
    /// <param name="ranks">The processes; null for this one alone.</param>
    public static StepSharing Of(ICollective? ranks) => ranks is { Size: > 1 }
        ? new StepSharing(ranks, new RankAverage(ranks)) : new StepSharing(SingleRank.Instance, SingleProcess.Instance);

    /// <summary>Counts the rows of a step that every process takes, for what is divided is something else.</summary>
    public void TakeAll(int rows) => RowsTaken += rows;

    /// <summary>This process's rows of a step, counted as taken.</summary>
    /// <param name="rows">Rows of the whole step.</param>
    public RowShare Take(int rows)
    {
        RowShare own = RowShare.Of(Ranks.Rank, Ranks.Size, rows);
        RowsTaken += own.Count;
        return own;
    }
}

using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// Writes every step of a training run while it runs: loss, learning rate, rows per second and validation figures, to a file or for
/// TensorBoard. Give it as <c>Progress</c> in the options of a training run, and dispose it when the run has ended.
/// </summary>
/// <remarks>
/// A run that goes on from a checkpoint goes on with its file too: rows of steps that are made again are replaced. A run that begins anew
/// begins the file anew. Where writing fails in the middle of a run, a full disk, say, the run goes on and <see cref="Failure"/> says why
/// the rest is missing. One tracker is for one run at a time and not for several threads; of several processes that train together the
/// first alone reports steps, and alone makes a tracker.
/// </remarks>
public abstract class TrainingTracker : IProgress<TrainingProgress>, IDisposable
{
    private bool _isDisposed;

    private protected TrainingTracker()
    {
    }

    /// <summary>Why the rest of the run is missing in the file; null where nothing is.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Writes to a file, or for TensorBoard, as the name says.</summary>
    /// <param name="path">
    /// A <c>.csv</c> or <c>.jsonl</c> file, as <see cref="ToCsv"/> and <see cref="ToJsonLines"/> write it; any other name is that of a
    /// folder for <see cref="ToTensorBoard"/>.
    /// </param>
    /// <exception cref="GmtFileException">The file is there and holds something else.</exception>
    /// <exception cref="IOException">It cannot be written, or another training run writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static TrainingTracker To(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => ToCsv(path),
        ".jsonl" => ToJsonLines(path),
        _ => ToTensorBoard(path),
    };

    /// <summary>Writes comma-separated values under a line of names, a row for each step.</summary>
    /// <param name="path">The file; folders above it are made.</param>
    /// <exception cref="GmtFileException">The file is there and holds something else.</exception>
    /// <exception cref="IOException">It cannot be written, or another training run writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static TrainingTracker ToCsv(string path) => new LineTracker(path, new CsvSteps());

    /// <summary>Writes a JSON object a line, one for each step.</summary>
    /// <param name="path">The file; folders above it are made.</param>
    /// <exception cref="GmtFileException">The file is there and holds something else.</exception>
    /// <exception cref="IOException">It cannot be written, or another training run writes it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static TrainingTracker ToJsonLines(string path) => new LineTracker(path, new JsonSteps());

    /// <summary>Writes scalars that <c>tensorboard --logdir</c> shows: <c>SGM/loss</c>, <c>SGM/learning_rate</c> and so on.</summary>
    /// <param name="folder">The run's folder; made where it is missing. A new event file is added for each run.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static TrainingTracker ToTensorBoard(string folder) => new TensorBoardTracker(folder);

    /// <summary>Tells several.</summary>
    /// <param name="listeners">Whom; null for nobody.</param>
    /// <returns>Somebody who passes on what is reported; disposing it is not needed.</returns>
    public static IProgress<TrainingProgress> Several(params IReadOnlyList<IProgress<TrainingProgress>?> listeners) =>
        new SeveralListeners([.. listeners.OfType<IProgress<TrainingProgress>>()]);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Try(() => Write(value));
    }

    /// <summary>Writes what is left, and closes the file.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Close();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Writes what is left, and closes the file.</summary>
    private protected virtual void Close()
    {
    }

    /// <summary>Writes what was reported.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    private protected abstract void Write(TrainingProgress value);

    /// <summary>Does something unless writing has failed, and notes where it fails.</summary>
    private protected void Try(Action write)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e;
        }
    }

    private sealed class SeveralListeners(IProgress<TrainingProgress>[] listeners) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => Array.ForEach(listeners, listener => listener.Report(value));
    }
}

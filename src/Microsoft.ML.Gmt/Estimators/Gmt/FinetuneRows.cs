using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>What a run of stage 2 learns from and is judged by.</summary>
/// <param name="Training">Questions with answers.</param>
/// <param name="Validation">Questions with answers that are not learned from; may be empty.</param>
/// <param name="Settings">The settings, with the scale of the features measured on the training questions.</param>
internal sealed record FinetuneRows(
    IReadOnlyList<InstructionExample> Training, IReadOnlyList<InstructionExample> Validation, GmtTransformerSettings Settings)
{
    /// <summary>Reads the rows, and measures the scale of their features where the settings have none yet.</summary>
    /// <param name="host">Hears of unknown names, and may cancel.</param>
    /// <param name="settings">Columns and words; those of a model to start from have the scale of their features.</param>
    /// <param name="options">Which features, how many rows are held out.</param>
    /// <param name="seed">Decides which rows are held out.</param>
    /// <param name="graph">Whose names.</param>
    /// <param name="trainData">What is learned from.</param>
    /// <param name="validationData">What is not; null for rows that are held out, where the options say so.</param>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type or length.</exception>
    /// <exception cref="NothingToTrainOnException">No row has names that the graph knows.</exception>
    public static FinetuneRows Read(
        IHost host, GmtTransformerSettings settings, GmtFinetuneEstimator.Options options, int seed, KnowledgeGraph graph,
        IDataView trainData, IDataView? validationData)
    {
        FeatureColumn? features = settings.Features is null && options.FeatureColumnName is { } name
            ? FeatureColumn.Find(trainData.Schema, name) : null;
        IReadOnlyList<InstructionExample> training = Questions(host, settings, graph, trainData, features), validation = [];
        if (training.Count == 0)
        {
            throw new NothingToTrainOnException("no row has names that the graph knows.");
        }

        if (validationData is null && options.HeldOutRows > 0)
        {
            (training, validation) = RowBatches.HoldOut(training, options.HeldOutRows, new RandomStreams(seed));
        }

        GmtTransformerSettings settled = features is null ? settings : settings with
        {
            Features = new FeatureSettings
            {
                ColumnName = features.Column.Name,
                Memory = options.FeatureMemory,
                Scaling = FeatureScaling.Fit([.. training.Select(question => question.Features!)], features.SlotNames()),
            },
        };
        return new FinetuneRows(
            training, validationData is null ? validation : Questions(host, settled, graph, validationData, null), settled);
    }

    private static InstructionExample[] Questions(
        IHost host, GmtTransformerSettings settings, KnowledgeGraph graph, IDataView data, FeatureColumn? features)
    {
        NameCount count = new UnknownNames(host, settings.UnknownNameHandling, UnknownNames.LeftOut).NewCount();
        IEnumerable<InstructionExample> read = new QuestionReader(data.Schema, settings, features).Read(data, graph, count);
        InstructionExample[] questions = [.. read.Watch(host, data.GetRowCount())];
        count.Report();
        return questions;
    }
}

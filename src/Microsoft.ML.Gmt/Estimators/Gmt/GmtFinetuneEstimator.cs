using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>
/// Teaches a frozen language model to read the evidence of a triple as memory, stage 2 of Graph-as-Memory Tuning, and to say whether it
/// holds.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use [GmtFinetune](xref:Microsoft.ML.GmtCatalog.GmtFinetune*).
///
/// ### Input and output columns
/// Head, relation and tail are text, or keys with text key values; the label is Boolean; the evidence column comes from stage 1. Where a
/// cache or a shuffle of ML.NET has dropped it, the columns of the names tell which stage 1 it was. The transformer needs
/// head, relation and tail only, and the column of features where `Fit` had one, and adds
///
/// | column | type | what it is |
/// | --- | --- | --- |
/// | `PredictedLabel` | Boolean | whether the triple is held true |
/// | `Probability` | Single | P(true) / (P(true) + P(false)) at the place of the answer |
/// | `Score` | Single | log-odds of the same |
/// | `Response` | text | what the model writes |
/// | `Explanation` | text | features that moved the verdict, then the edges that the memory read, most attended first |
/// | `Known` | Boolean | whether the graph has the row's names; where not, score and probability are NaN, texts empty |
///
/// ### Trainer characteristics
/// | | |
/// | --- | --- |
/// | Machine learning task | Binary classification of triples, with an answer and an explanation in words |
/// | Is normalization required? | No: features are brought to one scale by the rows of `Fit` |
/// | Is caching required? | No: the rows are read once and kept |
/// | Required NuGet in addition to Microsoft.ML | Gmt.MLNet, and libtorch for the system, such as libtorch-cpu-linux-x64 |
/// | Exportable to ONNX | No |
///
/// ### Training algorithm details
/// Learned queries compress the states of a triple's edges into memory tokens; the top layers of the language model attend to them through
/// cross-attention that starts as their self-attention, with low-rank updates and a gate that starts at 0 (Graph-as-Memory Tuning, arXiv
/// 2510.08966). Only these parts learn; on request the graph module does too, a copy of it. The base model stays frozen.
///
/// A column of features (`featureColumnName`), a vector of Single, becomes memory tokens beside these: signed logarithm, standardized on
/// the rows of `Fit`, cut off at 4 standard deviations, through a small network of two layers. NaN is missing, and infinities are refused.
/// docs/memory-features.md has a recipe.
/// ]]></format>
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext(seed: 42);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// IDataView train = graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);
/// IDataView validation = graph.ToLabeledDataView(GraphSplit.Validation);
/// using SgmTransformer encoder = ml.Transforms.SgmPretrain(graph).Fit(train);
///
/// // The epoch with the least loss on the validation rows is the one that is kept.
/// GmtFinetuneEstimator estimator = ml.Transforms.GmtFinetune("models/tiny-llama", numberOfEpochs: 5);
/// using GmtTransformer judge = estimator.Fit(encoder.Transform(train), encoder.Transform(validation));
/// </code>
/// </example>
/// <seealso cref="GmtCatalog"/>
/// <seealso cref="Options"/>
/// <seealso cref="GmtTransformer"/>
/// <seealso cref="SgmPretrainEstimator"/>
public sealed partial class GmtFinetuneEstimator : IEstimator<GmtTransformer>
{
    private readonly IHost _host;
    private readonly string _baseModel;
    private readonly Options _options;
    private readonly int _seed;
    private bool _isChecked;

    internal GmtFinetuneEstimator(IHostEnvironment environment, string baseModel, Options options)
    {
        options.Check();
        _ = BaseModelFiles.In(baseModel);
        _host = environment.Register(nameof(GmtFinetuneEstimator));
        (_baseModel, _options) = (baseModel, options);
        _seed = options.Training.Seed ?? MlNetInternals.Seed(environment) ?? RandomStreams.DefaultSeed;
    }

    /// <summary>The schema of transformed data. Checks the base model as well, for a chain asks this before its first stage is
    /// trained.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    /// <exception cref="ArgumentException">The memory does not fit the base model.</exception>
    /// <exception cref="FileNotFoundException">The base model's folder lacks its configuration, its weights or its tokenizer.</exception>
    /// <exception cref="GmtFileException">A file of the base model is malformed, or they do not belong together.</exception>
    /// <exception cref="NotSupportedException">The base model has a feature that is not supported.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        SchemaShape outputs = OutputsFor(inputSchema);
        if (!_isChecked)
        {
            using IDisposable modes = TorchModes.Own();
            _ = _options.Memory.LayersIn(LanguageModel.Check(_baseModel, _options.Tokenizer, _options.ComputeType).LayerCount);
            _isChecked = true;
        }

        return outputs;
    }

    private SchemaShape OutputsFor(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        QuestionReader.Check(inputSchema, _options);
        EvidenceColumn.Check(inputSchema, _options.EvidenceColumnName, _options.Columns);
        if (_options.FeatureColumnName is { } features)
        {
            FeatureColumn.Check(inputSchema, features);
        }

        return inputSchema.With(GmtMapper.Columns(_options.Outputs));
    }

    /// <summary>Trains on labeled rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be trained on, or rows have evidence of several modules or masks.</exception>
    public GmtTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on labeled rows, keeps the epoch with the smallest loss on other rows, and may go on from a trained model.</summary>
    /// <param name="trainData">What is trained on.</param>
    /// <param name="validationData">What epochs are judged by; null for <see cref="Options.HeldOutRows"/> of the training data.</param>
    /// <param name="startFrom">
    /// A model whose weights the training starts from, such as one trained on synthetic negatives; it is not changed. Its graph, its module
    /// and its shape are taken in place of those of the evidence and of the options, and its words where the options have the default ones;
    /// the mask is that of the evidence. A model that reads features goes on with their scale and their network; one that reads none cannot
    /// learn to. Null for a new one.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be trained on, or rows have evidence of several modules or masks.</exception>
    /// <exception cref="ArgumentException">The options name a column of features, and the model to start from reads none.</exception>
    /// <exception cref="FormatException">A feature is infinite.</exception>
    public GmtTransformer Fit(IDataView trainData, IDataView? validationData, GmtTransformer? startFrom = null)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        _ = OutputsFor(MlNetInternals.Shape(trainData.Schema));
        GraphEvidence evidence = EvidenceColumn.Common(_host, trainData, _options.EvidenceColumnName, _options.Columns)
            ?? throw new NothingToTrainOnException("the data have no rows.");
        if (validationData is not null)
        {
            EvidenceColumn.CheckSame(_host, evidence, validationData, _options.EvidenceColumnName, _options.Columns);
        }

        using IChannel channel = _host.Start("Training");
        if (startFrom is not null && startFrom.Mask != evidence.Mask)
        {
            channel.Warning(
                MessageSensitivity.None, "The model to start from has another mask than the evidence; from here on the evidence's counts.");
        }

        using var cancellation = new HostCancellation(_host, _options.CancellationToken);
        using IDisposable modes = TorchModes.Own();
        LanguageModel baseModel = LanguageModel.Load(
            _baseModel, _options.Tokenizer, _options.ComputeType, MlNetInternals.Device(_host));
        TrainingLog.Tell(channel, baseModel);
        GmtModel? model = null;
        try
        {
            FinetuneRows rows = FinetuneRows.Read(
                _host, SettingsFor(baseModel, startFrom, evidence), _options, _seed, startFrom?.Graph ?? evidence.Graph, trainData,
                validationData);
            GmtTransformerSettings settings = rows.Settings;
            model = startFrom is null ? NewModel(baseModel, evidence, settings.Features?.Shape) : Copy(startFrom, settings, baseModel);
            TrainingResult result = Train(model, baseModel, rows, channel, cancellation.Token);
            return new GmtTransformer(_host, new FinetunedModel(settings, baseModel, model), settings, result.History)
            {
                TrainingResult = result,
            };
        }
        catch
        {
            model?.Dispose();
            baseModel.Dispose();
            throw;
        }
    }

    private GmtTransformerSettings SettingsFor(LanguageModel baseModel, GmtTransformer? startFrom, GraphEvidence evidence) =>
        GmtTransformerSettings.Of(
            startFrom is null ? _options
                : _options with { Text = _options.Text.OrElse(startFrom.Settings.Text.Prompt, startFrom.Settings.Text.Template) },
            baseModel, startFrom?.Settings.GraphModule ?? evidence.Model.Module.Options,
            startFrom?.Settings.Memory ?? _options.Memory, evidence.Mask) with
        {
            Features = startFrom?.Settings.Features is { } known
                ? known with { ColumnName = _options.FeatureColumnName ?? known.ColumnName }
                : startFrom is null || _options.FeatureColumnName is null ? null : throw new ArgumentException(
                    $"The model to start from reads no features, so it cannot go on with column '{_options.FeatureColumnName}'. Train it "
                    + "with that column from the beginning, or leave the column out."),
        };

    private GmtModel NewModel(LanguageModel baseModel, GraphEvidence evidence, FeatureMemoryShape? features)
    {
        using NativeLifetime.Use use = evidence.Lifetime.Begin();
        SgmScorer own = evidence.Model.Clone();
        return new GmtModel(baseModel.Model, evidence.Graph, own.Module, _options.Memory, new RandomStreams(_seed), features: features)
        {
            FittedOn = FittedOn(own),
        };
    }

    private GmtModel Copy(GmtTransformer other, GmtTransformerSettings settings, LanguageModel baseModel)
    {
        Func<KnownTriples?>? fittedOn = FittedOn(other.GetScorer());
        using NativeLifetime.Use use = other.Lifetime.Begin();
        using var scope = NewDisposeScope();
        return FinetunedModel.Restore(
            settings, other.Graph, baseModel, other.ModelInUse.Weights().ToDictionary(), "the model to start from", fittedOn);
    }

    /// <summary>What the graph module has seen; not known where it learns from this training's rows too.</summary>
    private Func<KnownTriples?>? FittedOn(ITripleScorer before) => _options.Training.TrainGraphModule ? null : () => before.FittedOn;

    private TrainingResult Train(
        GmtModel model, LanguageModel baseModel, FinetuneRows data, IChannel channel, CancellationToken cancellationToken)
    {
        (IReadOnlyList<InstructionExample> training, IReadOnlyList<InstructionExample> validation, GmtTransformerSettings settings) = data;
        RowTokenizer tokenizer = settings.Text.RowTokenizer(baseModel.Tokenizer);
        IReadOnlyList<TokenizedRow> rows = tokenizer.Tokenize(training);
        int positions = baseModel.Model.Config.MaxPositions;
        foreach (string warning in RowLengths.Of(rows, positions).Warnings(_options.Text.CutoffLength, positions))
        {
            channel.Warning(MessageSensitivity.None, warning);
        }

        var log = new TrainingLog(channel, _options.Training.Progress);
        GmtTrainingOptions options = _options.Training with { Seed = _seed, Mask = settings.Mask, Progress = log };
        ICollective ranks = _options.Processes?.Ranks ?? SingleRank.Instance;
        TrainingResult result = new GmtTrainer(model, options) { Ranks = ranks }
            .Train(rows, tokenizer.Tokenize(validation), cancellationToken);
        log.Finish(result, "loss");
        var judge = new TripleJudge(model, baseModel.Tokenizer, settings.Text.Prompt, settings.Text.Template, settings.Mask);
        if (ranks.Rank == 0 && new LearningCheck(judge, settings).Problem(result, training, rows, validation) is { } problem)
        {
            channel.Warning(MessageSensitivity.None, problem);
        }

        return result;
    }
}

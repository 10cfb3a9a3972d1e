using System.Text.Json.Serialization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>What a <see cref="GmtTransformer"/> is told beside its model; the content of its <c>config.json</c>.</summary>
internal sealed record GmtTransformerSettings
{
    public required SgmOptions GraphModule { get; init; }

    public required MemoryOptions Memory { get; init; }

    public required GmtTextOptions Text { get; init; }

    public required TripleColumnNames Columns { get; init; }

    /// <summary>
    /// Where questions have words of their own; null where they are put into words by <see cref="Text"/>, as in archives that do not say.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InstructionColumnNames? Instructions { get; init; }

    /// <summary>The features that the memory reads beside the graph; null for none, as in archives that do not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FeatureSettings? Features { get; init; }

    public required GmtOutputColumnNames Outputs { get; init; }

    public required QueryMask Mask { get; init; }

    public required BaseModelReference BaseModel { get; init; }

    public required BaseModelStorage Storage { get; init; }

    /// <summary>Which tokenizer of the user's it is; null for that of the base model's folder.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TokenizerIdentity? Tokenizer { get; init; }

    /// <summary>Type of the base model's weights and computation; null, in earlier archives only, for the file's own.</summary>
    public ScalarType? ComputeType { get; init; }

    /// <summary>Whether the graph module was trained on the graph's training triples and no others; else that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FittedOnTrainingTriples { get; init; }

    /// <summary>What becomes of rows with unknown names; missing values where the archive does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public UnknownNameHandling UnknownNameHandling { get; init; }

    public required int BatchSize { get; init; }

    public required int ExplanationEdges { get; init; }

    /// <summary>The settings of a model that was made in one way or another.</summary>
    /// <param name="options">Columns, words, storage and sizes.</param>
    /// <param name="baseModel">The base model; the type that it computes in is recorded.</param>
    /// <param name="graphModule">The shape of the graph module.</param>
    /// <param name="memory">The shape of the memory.</param>
    /// <param name="mask">What of a triple is hidden from its own evidence.</param>
    public static GmtTransformerSettings Of(
        GmtScoringOptions options, LanguageModel baseModel, SgmOptions graphModule, MemoryOptions memory, QueryMask mask) =>
        new()
        {
            GraphModule = graphModule,
            Memory = memory,
            Text = options.Text,
            Columns = options.Columns,
            Instructions = options.Instructions,
            Outputs = options.Outputs,
            Mask = mask,
            BaseModel = BaseModelReference.Of(baseModel.Folder),
            Storage = options.EmbedBaseModel,
            Tokenizer = options.Tokenizer is null ? null : TokenizerIdentity.Of(options.Tokenizer),
            ComputeType = baseModel.Model.DataType,
            UnknownNameHandling = options.UnknownNameHandling,
            BatchSize = options.TransformBatchSize,
            ExplanationEdges = options.ExplanationEdges,
        };

    /// <summary>What an archive says, checked before anything is made of it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public GmtTransformerSettings Checked()
    {
        GmtOutputColumnNames names = Outputs;
        string known = OutputNames.Known(
            names.Known, names.PredictedLabel, names.Probability, names.Score, names.Response, names.Explanation);
        GraphModule.Check();
        Memory.Check(GraphModule.GraphDimension);
        Features?.Check();
        BaseModel.Check();
        BaseModelEntries.Check(Storage);
        var options = new GmtScoringOptions
        {
            Columns = Columns,
            Instructions = Instructions,
            Outputs = names with { Known = known },
            Text = Text,
            ComputeType = ComputeType,
            TransformBatchSize = BatchSize,
            UnknownNameHandling = UnknownNameHandling,
            ExplanationEdges = ExplanationEdges,
        };
        options.Check();
        return this with { Outputs = options.Outputs };
    }
}

using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Extends ML.NET's catalog of models by checkpoints of the reference's Python scripts: transformers come out of them without training, and
/// go into them.
/// </summary>
public static class CheckpointCatalog
{
    /// <summary>Makes a stage-1 transformer of what <c>pretrain_gmt</c> wrote.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The folder, or its <c>sgm_state.pth</c>; <c>sgm_config.json</c> beside it tells the shape.</param>
    /// <param name="graph">The graph that it was trained on.</param>
    /// <param name="options">Columns, mask and sizes; null for the defaults. Without a mask there, the folder's record of it
    /// counts.</param>
    /// <returns>The transformer; the caller disposes it. <see cref="SgmPretrainEstimator"/>'s <c>Fit</c> may start from it.</returns>
    /// <exception cref="FileNotFoundException">There are no weights.</exception>
    /// <exception cref="GmtFileException">Weights, arguments and graph do not go together.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// using SgmTransformer model = ml.Model.LoadSgmCheckpoint("checkpoints/sgm", graph);
    /// IDataView scored = model.Transform(graph.ToLabeledDataView(GraphSplit.Test));
    /// </code>
    /// </example>
    public static SgmTransformer LoadSgmCheckpoint(
        this ModelOperationsCatalog catalog, string path, KnowledgeGraph graph, SgmScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using IDisposable modes = TorchModes.Own();
        SgmScoringOptions chosen = options ?? new SgmScoringOptions();
        chosen.Check();
        IHostEnvironment environment = MlNetInternals.Environment(catalog);
        PythonArguments arguments = SgmFolder.Arguments(path);
        SgmModule module = SgmFolder.Load(path, graph, arguments);
        module.MoveTo(MlNetInternals.Device(environment));
        QueryMask mask = chosen.Mask ?? RecordedMask.Of(arguments)
            ?? Unmasked(environment, path, "options with a Mask mask from here on");
        var settings = SgmTransformerSettings.Of(chosen, module.Options, mask);
        return new SgmTransformer(environment, new SgmScorer(module, graph), settings, TrainingHistory.Empty);
    }

    /// <summary>Writes a stage-1 transformer as <c>pretrain_gmt</c> does: <c>sgm_state.pth</c> and <c>sgm_config.json</c>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="transformer">The transformer.</param>
    /// <param name="folder">Made if it does not exist.</param>
    /// <example>
    /// <code>
    /// using SgmTransformer model = ml.Transforms.SgmPretrain(graph).Fit(graph.ToDataView());
    /// ml.Model.SaveSgmCheckpoint(model, "checkpoints/sgm");   // as python pretrain_gmt.py writes it
    /// </code>
    /// </example>
    public static void SaveSgmCheckpoint(this ModelOperationsCatalog catalog, SgmTransformer transformer, string folder)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(transformer);
        using NativeLifetime.Use use = transformer.Lifetime.Begin();
        SgmFolder.Save(transformer.ModelInUse.Module, transformer.Graph, folder, transformer.Mask);
    }

    /// <summary>Makes a stage-2 transformer of what <c>finetune_gmt</c> wrote.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="folder">
    /// The folder with <c>graph_encoder.pth</c>, <c>memory_attn.pth</c> and <c>gmt_config.json</c>, which tells shape, template and
    /// masking.
    /// </param>
    /// <param name="baseModel">The folder of the language model that it was trained on.</param>
    /// <param name="graph">The graph that it was trained on.</param>
    /// <param name="options">
    /// Columns, words, the tokenizer and the base model's storage; null for the defaults. Template and prompt are the folder's where they
    /// are left at their defaults.
    /// </param>
    /// <returns>The transformer; the caller disposes it.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="GmtFileException">Weights, arguments, base model and graph do not go together.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// using GmtTransformer model = ml.Model.LoadGmtCheckpoint("checkpoints/gmt", "models/tiny-llama", graph);
    /// IDataView test = graph.ToLabeledDataView(GraphSplit.Test);
    /// Console.WriteLine(ml.BinaryClassification.Evaluate(model.Transform(test)).Accuracy);
    /// ml.Model.Save(model, test.Schema, "facts.zip");
    /// </code>
    /// </example>
    public static GmtTransformer LoadGmtCheckpoint(
        this ModelOperationsCatalog catalog, string folder, string baseModel, KnowledgeGraph graph, GmtScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(baseModel);
        ArgumentNullException.ThrowIfNull(graph);
        using IDisposable modes = TorchModes.Own();
        options?.Check();
        GmtFolder files = GmtFolder.Open(folder);
        GmtScoringOptions chosen = options ?? new GmtScoringOptions();
        chosen = chosen with { Text = chosen.Text.OrElse(files.Prompt, files.Template) };
        IHostEnvironment environment = MlNetInternals.Environment(catalog);
        LanguageModel loaded = LanguageModel.Load(
            baseModel, chosen.Tokenizer, chosen.ComputeType, MlNetInternals.Device(environment));
        try
        {
            using (IChannel channel = environment.Start("Checkpoint"))
            {
                TrainingLog.Tell(channel, loaded);
            }

            GmtModel model = files.Load(loaded.Model, graph);
            QueryMask mask = files.Mask ?? Unmasked(environment, folder, "fine-tune again to mask");
            GmtTransformerSettings settings = GmtTransformerSettings.Of(
                chosen, loaded, model.Encoder.GraphModule.Options, model.Options, mask);
            return new GmtTransformer(environment, new FinetunedModel(settings, loaded, model), settings, TrainingHistory.Empty);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes a stage-2 transformer as <c>finetune_gmt</c> does: <c>graph_encoder.pth</c>, <c>memory_attn.pth</c>, <c>gmt_config.json</c>.
    /// </summary>
    /// <remarks>
    /// The base model is not part of it, nor are names of columns. Masking in contexts and words of one's own are entries that the
    /// reference passes over.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="transformer">The transformer; its base model is bound if it is not yet.</param>
    /// <param name="folder">Made if it does not exist.</param>
    /// <exception cref="DirectoryNotFoundException">The base model was not found.</exception>
    /// <example>
    /// <code>
    /// var pipeline = ml.Transforms.SgmPretrain(graph).Append(ml.Transforms.GmtFinetune("models/tiny-llama"));
    /// GmtTransformer model = pipeline.Fit(graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1)).LastTransformer;
    /// ml.Model.SaveGmtCheckpoint(model, "checkpoints/gmt");
    /// </code>
    /// </example>
    public static void SaveGmtCheckpoint(this ModelOperationsCatalog catalog, GmtTransformer transformer, string folder)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(transformer);
        using NativeLifetime.Use use = transformer.Lifetime.Begin();
        FinetunedModel.Bound bound = transformer.ModelInUse.Binding.Get();

        GmtTransformerSettings settings = transformer.Settings;
        string baseModel = transformer.Model.Binding.Folder.LastingPath;
        GmtFolder.Save(bound.Model, folder, baseModel, transformer.Mask, settings.Text.Template, settings.Text.Prompt);
    }

    /// <summary>Says that a folder records no mask, and what that counts as.</summary>
    private static QueryMask Unmasked(IHostEnvironment environment, string path, string remedy)
    {
        using IChannel channel = environment.Start("Checkpoint");
        channel.Warning(MessageSensitivity.None, $"'{path}' {RecordedMask.Missing}; {remedy}.");
        return QueryMask.None;
    }
}

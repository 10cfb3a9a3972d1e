// %% [markdown]
// # Explaining a verdict
//
// A verdict without reasons helps nobody who has to decide. This lesson asks two models about one fact and reads their reasons: paths,
// features and the edges that the memory read.

// %%
#:package Gmt.MLNet@0.1.0
#:package Gmt.MLNet.Plots@0.1.0
#:package Gmt.MLNet.Notebooks@0.1.0
#:package libtorch-cpu-linux-x64@2.10.0
#:property PublishAot=false

// %%
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Notebooks;
using Microsoft.ML.Gmt.Plots;

// %% [markdown]
// ## Load
//
// CoDEx-S, a part of Wikidata, with facts that are labeled true and false; a part of them, for the lesson's sake.

// %%
var ml = new MLContext(seed: 42);
KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("../data/codex-s");
IDataView labeled = ml.Data.TakeRows(ml.Data.ShuffleRows(graph.ToLabeledDataView(GraphSplit.Validation), seed: 1), 1200);
IDataView test = ml.Data.TakeRows(ml.Data.ShuffleRows(graph.ToLabeledDataView(GraphSplit.Test), seed: 1), 400);

// %% [markdown]
// ## Look

// %%
Console.WriteLine(graph);

// %% [markdown]
// ## Train
//
// A path model that needs no training, and stage 2, a small language model that reads the graph and the features of a fact as memory.

// %%
PathScoringTransformer paths = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
var pipeline = ml.Transforms.FeaturizeTriples("Features", graph)
    .Append(ml.Transforms.SgmPretrain(graph, numberOfEpochs: 1, graphDimension: 64))
    .Append(ml.Transforms.GmtFinetune("../models/tiny-llama", new GmtFinetuneEstimator.Options
    {
        FeatureColumnName = "Features",
        Memory = new MemoryOptions { MemoryLayers = [2, 3, 4] },
        Training = new GmtTrainingOptions { NumberOfEpochs = 3, LearningRate = 1e-3, GateLearningRateFactor = 10 },
    }));
var model = pipeline.Fit(labeled);

// %% [markdown]
// ## Evaluate
//
// Reasons of a model that is mostly wrong are worth nothing, so this comes first.

// %%
IDataView judged = model.Transform(test);

// %%
CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(judged);
Console.WriteLine($"accuracy {metrics.Accuracy:0.000}, area under the ROC curve {metrics.AreaUnderRocCurve:0.000}");
// show: metrics

// %% [markdown]
// ## Consume
//
// **Paths.** The chains of facts that carried the path model's score, the weightiest first. None of them holds the fact itself: it is
// hidden. Weights rank the paths; they do not add up to the score.

// %%
Triple fact = graph.GetTriple("Sweden", "member of", "European Southern Observatory");

// %%
Console.WriteLine(VerdictReport.Of(paths, fact));

// %% [markdown]
// **Features, and what the memory read.** The number of a feature is what the verdict's log-odds lose when the feature is put at its mean:
// above 0 it spoke for the fact. Features that say the same hide each other. The percentages are attention, what the memory looked at,
// which is not yet why.

// %%
GmtTransformer reader = model.LastTransformer;
IDataView row = model.Transform(ml.Data.LoadFromEnumerable(
    [new { Head = "Sweden", Relation = "member of", Tail = "European Southern Observatory" }]));
VerdictExplanation why = reader.ExplainVerdicts(row, numberOfFeatures: 6, numberOfEdges: 4)[0];

// %%
Console.WriteLine(VerdictReport.Of(why, graph));

// %% [markdown]
// A picture for a report is one call.

// %%
GmtPlot attention = why.PlotAttention(graph);
attention.SaveSvg("attention.svg");
// show: attention

// %% [markdown]
// The column `Explanation` of the saved model says all this in one line; the written projects answer with it.

// %%
ml.Model.SaveAtomically(model, labeled.Schema, "reasons.zip");
Console.WriteLine(FactProjects.Write("reasons.zip", "explaining-a-verdict", "Sweden", "member of", "European Southern Observatory"));
model.Dispose();
paths.Dispose();

// %% [markdown]
// # Features into LightGBM
//
// What speaks for a fact can be counted: rules, common neighbors, what goes together. The library turns a fact into a vector of some
// seventy named numbers, and any trainer of ML.NET learns from them. Here: gradient-boosted trees, LightGBM.

// %%
#:package Gmt.MLNet@0.1.0
#:package Gmt.MLNet.Plots@0.1.0
#:package Gmt.MLNet.Notebooks@0.1.0
#:package libtorch-cpu-linux-x64@2.10.0
#:package Microsoft.ML.LightGbm@5.0.1
#:property PublishAot=false

// %%
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Notebooks;
using Microsoft.ML.Gmt.Plots;

// %% [markdown]
// ## Load
//
// CoDEx-S, a part of Wikidata: a folder with training, validation and test facts, and with validation and test facts that are labeled
// false.

// %%
var ml = new MLContext(seed: 42);
KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("../data/codex-s");

// %% [markdown]
// ## Look

// %%
Console.WriteLine(graph);

// %% [markdown]
// ## Train
//
// The features read the training facts; the trees learn from the labeled validation facts, which the graph does not state. That is how it
// must be: of an edge of the graph each count is one less than of a new fact, and trees would find that out.

// %%
var pipeline = ml.Transforms.FeaturizeTriples("Features", graph)
    .Append(ml.BinaryClassification.Trainers.LightGbm(numberOfIterations: 100, learningRate: 0.05));
IDataView labeled = graph.ToLabeledDataView(GraphSplit.Validation);
var model = pipeline.Fit(labeled);

// %% [markdown]
// What the trees split on, by gain, with what each feature means.

// %%
var features = model.OfType<FeaturizeTriplesTransformer>().Single();
VBuffer<float> weights = default;
model.LastTransformer.Model.SubModel.GetFeatureWeights(ref weights);
float[] gains = [.. weights.DenseValues()];
foreach (int slot in Enumerable.Range(0, gains.Length).OrderByDescending(slot => gains[slot]).Take(8))
{
    Console.WriteLine($"{gains[slot]:0.00}  {features.SlotNames[slot]}: {features.SlotMeanings[slot]}");
}

// %% [markdown]
// ## Evaluate
//
// By the labeled test facts. Half of them are false, and hard: they look like facts. Whoever says for each relation what most of its
// validation facts are has 78.1 % right ([docs/results](../../docs/results/codex-s.md)).

// %%
IDataView judged = model.Transform(graph.ToLabeledDataView(GraphSplit.Test));

// %%
CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(judged);
Console.WriteLine($"accuracy {metrics.Accuracy:0.000}, area under the ROC curve {metrics.AreaUnderRocCurve:0.000}");
// show: metrics

// %% [markdown]
// ML.NET's metrics leave rows without a score out in silence, so count them.

// %%
int unknown = judged.GetColumn<bool>("Known").Count(isKnown => !isKnown);
Console.WriteLine($"{unknown} rows with names that the graph lacks");

// %%
Console.WriteLine(ml.BinaryClassification.EvaluateCurves(judged));

// %% [markdown]
// Are the probabilities what they say? In the picture a point on the diagonal is a group of verdicts that are right as often as they claim.

// %%
Console.WriteLine(ml.BinaryClassification.EvaluateCalibration(judged));

// %% [markdown]
// ## Consume
//
// One fact as a row. An anonymous type will do, if its members have the names of the columns.

// %%
IDataView asked = model.Transform(ml.Data.LoadFromEnumerable(
    [new { Head = "Sweden", Relation = "member of", Tail = "European Southern Observatory" }]));
Console.WriteLine($"probability {asked.GetColumn<float>("Probability").Single():0.00}");

// %% [markdown]
// The saved model holds features and trees. The written projects need LightGBM's package too, so it is named.

// %%
ml.Model.SaveAtomically(model, graph.ToDataView().Schema, "trees.zip");
Console.WriteLine(FactProjects.Write(
    "trees.zip", "features-into-lightgbm", "Sweden", "member of", "European Southern Observatory",
    new Dictionary<string, string> { ["Microsoft.ML.LightGbm"] = "5.0.1" }));

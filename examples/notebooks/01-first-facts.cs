// %% [markdown]
// # First facts
//
// A knowledge graph is a list of facts: *head*, *relation*, *tail*. This lesson reads one, trains a model of it, asks whether a fact
// holds, and sees by what evidence. The file `01-first-facts.cs` and the notebook `01-first-facts.ipynb` are the same lesson;
// [README.md](README.md) says how either is run.
//
// The packages: the library, what draws its plots, what shows them in a notebook, and the libtorch of this system (`libtorch-cpu-win-x64`
// and `libtorch-cpu-osx-arm64` are those of Windows and macOS).

// %%
#:package Gmt.MLNet@0.1.0
#:package Gmt.MLNet.Plots@0.1.0
#:package Gmt.MLNet.Notebooks@0.1.0
#:package libtorch-cpu-linux-x64@2.10.0
#:property PublishAot=false

// %%
using Microsoft.ML;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Notebooks;
using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Ranking;

// %% [markdown]
// ## Load
//
// `products.csv` has 326 facts about valves, pumps and sensors, a fact a line. Nobody can tell how good a model is by facts that it has
// seen, so `Split` holds a tenth out to choose by (validation) and a tenth to judge by (test). What is held out has names that stay in
// training.

// %%
var ml = new MLContext(seed: 42);
KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("../data/products.csv").Split(validationFraction: 0.1, testFraction: 0.1, seed: 42);

// %% [markdown]
// ## Look
//
// A graph shows itself: counts, some facts, and how many facts an entity stands in. Both axes of the picture are logarithmic.

// %%
Console.WriteLine(graph);

// %% [markdown]
// ## Train
//
// A path model learns which chains of facts lead from a head to a tail: what has the same thread as a bronze valve may be of bronze too.
// While it learns from a fact, the edge that states the fact is hidden. It is kept as it was after the epoch that ranked the validation
// facts best; the picture marks that epoch.

// %%
PathScoringTransformer paths = ml.Transforms.TrainPathModel(graph).Fit(graph.ToDataView());

// %%
Console.WriteLine(paths.TrainingResult);

// %% [markdown]
// ## Evaluate
//
// **Does it find what is missing?** For each test fact the model ranks all entities as its tail, and all as its head. *Hits@10* is the
// share of questions whose answer is among the first ten, the *mean reciprocal rank* the mean of 1 / rank. Drawing lots among 100 entities
// would give some 0.1 and 0.05.

// %%
Console.WriteLine(ml.Ranking.EvaluateLinkPrediction(paths.RankEntities(graph.ToDataView(GraphSplit.Test))));

// %% [markdown]
// **Does it tell true from false?** The graph states no false fact, so one is drawn for each test fact: its head or tail is replaced by
// another that the relation has elsewhere. 0.5 is the area under the ROC curve of a guess, 1 that of a model without fault.

// %%
IDataView judged = paths.Transform(graph.ToDataView(GraphSplit.Test, negativesPerPositive: 1));

// %%
Console.WriteLine(ml.BinaryClassification.EvaluateCurves(judged));

// %% [markdown]
// ## Consume
//
// One fact, one verdict. The probability is fitted on the graph's own facts against drawn ones, for there are no labels. Even a fact that
// the graph states is judged as if it did not. The evidence: the paths that carried the score.

// %%
Triple fact = graph.GetTriple("Ball valve 3/4\" no. 103", "made of", "bronze");

// %%
Console.WriteLine(VerdictReport.Of(paths, fact));

// %% [markdown]
// A name that the graph lacks is no verdict but a question back.

// %%
Console.WriteLine(graph.FindEntity("Ball valve 3/4\" no. 130"));

// %% [markdown]
// The model is saved with its graph, whole or not at all. Two projects are written around it: a console program and a web API. Both are
// yours; they need the package `Gmt.MLNet` and nothing of this lesson.

// %%
ml.Model.SaveAtomically(paths, graph.ToDataView().Schema, "facts.zip");
Console.WriteLine(FactProjects.Write("facts.zip", "first-facts", "Ball valve 3/4\" no. 103", "made of", "bronze"));
paths.Dispose();

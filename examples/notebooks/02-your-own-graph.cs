// %% [markdown]
// # Your own graph from a CSV
//
// Your facts stand in a file: a spreadsheet's export, say. This lesson writes such a file, sees what is read of it, and answers questions
// about it with a model that needs no training.

// %%
#:package Gmt.MLNet@0.1.0
#:package Gmt.MLNet.Plots@0.1.0
#:package Gmt.MLNet.Notebooks@0.1.0
#:package libtorch-cpu-linux-x64@2.10.0
#:property PublishAot=false

// %%
using System.IO;
using Microsoft.ML;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Notebooks;
using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Ranking;

// %% [markdown]
// ## Load
//
// Cheeses, their milk, their kind and where they come from. Put the rows of your own file here, or leave this cell out and name your file
// below. The columns may have other names (`head`, `relation`, `tail`; `from`, `type`, `to` …) and another order.

// %%
File.WriteAllText(
    "cheeses.csv",
    """
    subject;predicate;object
    Brie;made of milk of;cow
    Brie;is;soft cheese
    Brie;comes from;Île-de-France
    Camembert;made of milk of;cow
    Camembert;is;soft cheese
    Camembert;comes from;Normandy
    Livarot;made of milk of;cow
    Livarot;is;washed-rind cheese
    Livarot;comes from;Normandy
    Neufchâtel;made of milk of;cow
    Neufchâtel;is;soft cheese
    Neufchâtel;comes from;Normandy
    Comté;made of milk of;cow
    Comté;is;hard cheese
    Comté;comes from;Jura
    Morbier;made of milk of;cow
    Morbier;is;semi-hard cheese
    Morbier;comes from;Jura
    Roquefort;made of milk of;sheep
    Roquefort;is;blue cheese
    Roquefort;comes from;Aveyron
    Crottin;made of milk of;goat
    Crottin;is;soft cheese
    Crottin;comes from;Berry
    Valençay;made of milk of;goat
    Valençay;is;soft cheese
    Valençay;comes from;Berry
    Gorgonzola;made of milk of;cow
    Gorgonzola;is;blue cheese
    Gorgonzola;comes from;Lombardy
    Taleggio;made of milk of;cow
    Taleggio;is;washed-rind cheese
    Taleggio;comes from;Lombardy
    Grana Padano;made of milk of;cow
    Grana Padano;is;hard cheese
    Grana Padano;comes from;Lombardy
    Pecorino Sardo;made of milk of;sheep
    Pecorino Sardo;is;hard cheese
    Pecorino Sardo;comes from;Sardinia
    Fiore Sardo;made of milk of;sheep
    Fiore Sardo;is;hard cheese
    Fiore Sardo;comes from;Sardinia
    Manchego;made of milk of;sheep
    Manchego;is;hard cheese
    Manchego;comes from;La Mancha
    Cabrales;made of milk of;cow
    Cabrales;is;blue cheese
    Cabrales;comes from;Asturias
    Gamonéu;made of milk of;cow
    Gamonéu;is;blue cheese
    Gamonéu;comes from;Asturias
    Île-de-France;lies in;France
    Normandy;lies in;France
    Jura;lies in;France
    Aveyron;lies in;France
    Berry;lies in;France
    Lombardy;lies in;Italy
    Sardinia;lies in;Italy
    La Mancha;lies in;Spain
    Asturias;lies in;Spain
    """);

// %% [markdown]
// `GraphCheck` reads a file and says what it took for what, and what is to be doubted. Nothing is to be doubted here: semicolons and a
// header that names the three columns were found.

// %%
GraphCheck check = GraphCheck.Read("cheeses.csv");
Console.WriteLine($"{check.FaultCount} faults, {check.Doubts.Count} doubts");
foreach (GraphDoubt doubt in check.Doubts)
{
    Console.WriteLine(doubt);
}

// %%
var ml = new MLContext(seed: 42);
KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("cheeses.csv");

// %% [markdown]
// ## Look

// %%
Console.WriteLine(graph);

// %% [markdown]
// ## Train
//
// Sixty facts are too few to learn from. The package carries a small path model that was trained on other graphs; it has no parameter for
// any entity or relation, so it serves yours. `Fit` reads no row.

// %%
PathScoringTransformer paths = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());

// %%
Console.WriteLine($"{paths.Origin}");

// %% [markdown]
// ## Evaluate
//
// Nothing was learned from these facts, so each may serve as a question: it is hidden while the model ranks all entities as its answer.

// %%
Console.WriteLine(ml.Ranking.EvaluateLinkPrediction(paths.RankEntities(graph.ToDataView())));

// %% [markdown]
// Which relations it is good at: what a cheese is made of is among few answers; where a cheese comes from seldom follows from the rest.

// %%
var links = ml.Ranking.EvaluateLinkPrediction(paths.RankEntities(graph.ToDataView()));
foreach ((string relation, var figures) in links.ByRelation)
{
    Console.WriteLine($"{relation}: MRR of tails {figures.Tail.Realistic.MeanReciprocalRank:0.00}");
}

// %% [markdown]
// ## Consume
//
// A fact that the file does not state.

// %%
Triple fact = graph.GetTriple("Camembert", "is", "washed-rind cheese");

// %%
Console.WriteLine(VerdictReport.Of(paths, fact));

// %% [markdown]
// And the model with its graph as a console program and a web API.

// %%
ml.Model.SaveAtomically(paths, graph.ToDataView().Schema, "cheeses.zip");
Console.WriteLine(FactProjects.Write("cheeses.zip", "your-own-graph", "Camembert", "is", "washed-rind cheese"));
paths.Dispose();

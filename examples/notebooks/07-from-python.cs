// %% [markdown]
// # From Python
//
// Graph-as-Memory Tuning was published as five Python scripts. Their files are read and written here, so a model can begin there and end in
// .NET, or go back. [docs/from-python.md](../../docs/from-python.md) has every flag.

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
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Notebooks;
using Microsoft.ML.Gmt.Plots;

// %% [markdown]
// ## Load
//
// The scripts read graphs in OpenKE's layout: names with numbers, triples of numbers in the order head, tail, relation. This cell writes
// the products so; where you come from Python you have the folder already.

// %%
var ml = new MLContext(seed: 42);
KnowledgeGraph products = ml.Data.LoadKnowledgeGraph("../data/products.csv").Split(validationFraction: 0.1, testFraction: 0.1, seed: 42);
Directory.CreateDirectory("openke");
void Write(string file, IEnumerable<string> lines) => File.WriteAllLines($"openke/{file}", [$"{lines.Count()}", .. lines]);
Write("entity2id.txt", products.Entities.Names.Select((name, id) => $"{name}\t{id}"));
Write("relation2id.txt", products.Relations.Names.Select((name, id) => $"{name}\t{id}"));
var splits = new[] { ("train", GraphSplit.Train), ("valid", GraphSplit.Validation), ("test", GraphSplit.Test) };
foreach ((string name, GraphSplit split) in splits)
{
    Write($"{name}2id.txt", products.Triples(split).ToArray().Select(fact => $"{fact.Head} {fact.Tail} {fact.Relation}"));
}

KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("openke");

// %% [markdown]
// ## Look

// %%
Console.WriteLine(graph);

// %% [markdown]
// ## Train
//
// `python pretrain_gmt.py --kg_dir openke --graph_dim 64 --epochs 30 --seed 42` is stage 1. In ML.NET's words:
//
// | flag | here |
// | --- | --- |
// | `--kg_dir` | `ml.Data.LoadKnowledgeGraph` |
// | `--graph_dim`, `--epochs` | `graphDimension`, `numberOfEpochs` of `SgmPretrain` |
// | `--seed` | `new MLContext(seed)` |
// | `--output_dir` | `ml.Model.SaveSgmCheckpoint` |
// | `--base_model`, `--num_epochs` of `finetune_gmt.py` | `baseModel`, `numberOfEpochs` of `GmtFinetune` |
//
// Numbers differ from Python's, for other numbers are drawn from the seed. One thing differs on purpose: the edge that states a fact is
// hidden while the model learns from it.

// %%
SgmTransformer stage1 = ml.Transforms.SgmPretrain(graph, numberOfEpochs: 30, graphDimension: 64).Fit(graph.ToDataView());

// %%
Console.WriteLine(stage1.TrainingResult);

// %% [markdown]
// The scripts' files: `sgm_state.pth` is a genuine PyTorch file that `torch.load` takes, `sgm_config.json` says what was asked for.

// %%
ml.Model.SaveSgmCheckpoint(stage1, "checkpoints/sgm");
foreach (string file in Directory.EnumerateFiles("checkpoints/sgm").Order())
{
    Console.WriteLine($"{file.Replace('\\', '/')}: {new FileInfo(file).Length:#,0} bytes");
}

// %% [markdown]
// A folder of the scripts is loaded the same way. Files of PyTorch are read as data; nothing in them is executed.

// %%
SgmTransformer loaded = ml.Model.LoadSgmCheckpoint("checkpoints/sgm", graph);

// %% [markdown]
// Stage 2 on top of it, short: this is about files, not about figures.

// %%
IDataView labeled = graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);
GmtTransformer stage2 = ml.Transforms.GmtFinetune("../models/tiny-llama", numberOfEpochs: 1).Fit(loaded.Transform(labeled));
ml.Model.SaveGmtCheckpoint(stage2, "checkpoints/gmt");

// %% [markdown]
// ## Evaluate
//
// Stage 1 ranks the answers of the test facts. It was trained for a few seconds; with nothing set it trains longer and ranks better.

// %%
Console.WriteLine(ml.Ranking.EvaluateLinkPrediction(loaded.RankEntities(graph.ToDataView(GraphSplit.Test))));

// %% [markdown]
// Both folders give what the models gave that they were written from.

// %%
GmtTransformer again = ml.Model.LoadGmtCheckpoint("checkpoints/gmt", "../models/tiny-llama", graph);
Triple[] facts = graph.Triples(GraphSplit.Test).ToArray();
IReadOnlyList<Verdict> before = stage2.GetJudge().Judge(facts), after = again.GetJudge().Judge(facts);
double apart = before.Zip(after, (one, other) => Math.Abs(one.Probability - other.Probability)).Max();
Console.WriteLine($"{facts.Length} verdicts, at most {apart:0.000000} apart");

// %% [markdown]
// ## Consume
//
// From here on it is a model of ML.NET: an archive, a console program, a web API.

// %%
ml.Model.SaveAtomically(loaded.Append(again), labeled.Schema, "from-python.zip");
Console.WriteLine(FactProjects.Write("from-python.zip", "from-python", "Ball valve 3/4\" no. 103", "made of", "bronze"));

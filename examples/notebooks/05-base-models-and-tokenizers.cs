// %% [markdown]
// # Base models and tokenizers
//
// Stage 2 of Graph-as-Memory Tuning gives a frozen language model a memory: tokens that are made of the graph, which its layers read. This
// lesson looks at such a base model and its tokenizer, teaches it to read a graph, and saves both in one archive. The model,
// `../models/tiny-llama`, has 2.75 million parameters and has read this one graph's training facts: enough to see every step, too small for
// anything else.

// %%
#:package Gmt.MLNet@0.1.0
#:package Gmt.MLNet.Plots@0.1.0
#:package Gmt.MLNet.Notebooks@0.1.0
#:package libtorch-cpu-linux-x64@2.10.0
#:property PublishAot=false

// %%
using System.IO;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Notebooks;
using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Text;

// %% [markdown]
// ## Load
//
// CoDEx-S, a part of Wikidata, with validation and test facts that are labeled true and false; of each a part, for the lesson's sake. And
// the folder of the base model.

// %%
var ml = new MLContext(seed: 42);
KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("../data/codex-s");
IDataView labeled = ml.Data.TakeRows(ml.Data.ShuffleRows(graph.ToLabeledDataView(GraphSplit.Validation), seed: 1), 1500);
IDataView test = ml.Data.TakeRows(ml.Data.ShuffleRows(graph.ToLabeledDataView(GraphSplit.Test), seed: 1), 800);
string baseModel = "../models/tiny-llama";
LlamaConfig config = LlamaConfig.Load(baseModel);
TextTokenizer tokenizer = TokenizerFolder.Load(baseModel);

// %% [markdown]
// ## Look
//
// A base model is a folder in Hugging Face's layout, or with a GGUF file. Its `config.json` says the shape. LLaMA, Mistral and Qwen2 of any
// size are read.

// %%
Console.WriteLine($"{config.ModelType}: {config.LayerCount} layers, {config.HiddenSize} wide, {config.HeadCount} heads");
Console.WriteLine($"{config.VocabularySize} tokens, {config.MaxPositions} positions");

// %% [markdown]
// The tokenizer cuts a text into pieces that the model has a vector for. Words that it saw often are one piece, others are several. It is
// also a `Microsoft.ML.Tokenizers.Tokenizer`, and goes wherever ML.NET takes one.

// %%
foreach (string text in new[] { "True", "Gaspard Monge", "Ball valve" })
{
    IReadOnlyList<int> ids = tokenizer.Encode(text, addSpecialTokens: false);
    Console.WriteLine($"{text}: {string.Join(" | ", ids.Select(id => tokenizer.Decode([id])))}");
}

// %% [markdown]
// What the model says by itself. The first is a test fact, which it has not read: a good guess. The second is made up.

// %%
LlamaModel llama = LlamaModel.Load(baseModel);
var decoder = new GreedyDecoder(llama, new GreedyOptions { MaxNewTokens = 12 });
foreach (string text in new[] { "( Gaspard Monge, country of citizenship,", "( Ball valve, made of," })
{
    Console.WriteLine(text + tokenizer.Decode(decoder.Generate([tokenizer.Encode(text)])[0]));
}

llama.Dispose();

// %% [markdown]
// ## Train
//
// Stage 1 encodes the graph, briefly here. The features of a fact become memory as well, and carry most of the evidence. The language model
// stays as it is; what learns is the memory, which the top three of the five layers read. Its gates start closed and are let open ten
// times faster than the rest learns.

// %%
var pipeline = ml.Transforms.FeaturizeTriples("Features", graph)
    .Append(ml.Transforms.SgmPretrain(graph, numberOfEpochs: 1, graphDimension: 64))
    .Append(ml.Transforms.GmtFinetune(baseModel, new GmtFinetuneEstimator.Options
    {
        FeatureColumnName = "Features",
        Memory = new MemoryOptions { MemoryLayers = [2, 3, 4] },
        Training = new GmtTrainingOptions { NumberOfEpochs = 3, LearningRate = 1e-3, GateLearningRateFactor = 10 },
    }));
var model = pipeline.Fit(labeled);

// %%
Console.WriteLine(model.LastTransformer.TrainingResult);

// %% [markdown]
// ## Evaluate
//
// 800 of the labeled test facts.

// %%
IDataView judged = model.Transform(test);

// %%
CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(judged);
Console.WriteLine($"accuracy {metrics.Accuracy:0.000}, area under the ROC curve {metrics.AreaUnderRocCurve:0.000}");
// show: metrics

// %% [markdown]
// ## Consume
//
// A base model of up to 256 MB goes into the archive, so that the program that loads it needs no folder; a larger one is referred to.

// %%
ml.Model.SaveAtomically(model, labeled.Schema, "reader.zip");
long archive = new FileInfo("reader.zip").Length, weights = new FileInfo($"{baseModel}/model.safetensors").Length;
Console.WriteLine($"reader.zip has {archive / 1e6:0} MB; the weights of the base model have {weights / 1e6:0} MB");
Console.WriteLine(FactProjects.Write("reader.zip", "base-models-and-tokenizers", "Sweden", "member of", "European Southern Observatory"));
model.Dispose();

// %% [markdown]
// # Which facts are wrong, which are missing
//
// Every list of facts that people keep has errors and gaps. A model that judges a fact by all *other* facts finds candidates for both. Here
// we know the answers, for we put the errors in and took facts out ourselves.

// %%
#:package Gmt.MLNet@0.1.0
#:package Gmt.MLNet.Plots@0.1.0
#:package Gmt.MLNet.Notebooks@0.1.0
#:package libtorch-cpu-linux-x64@2.10.0
#:property PublishAot=false

// %%
using Microsoft.ML;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Notebooks;
using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Ranking;

// %% [markdown]
// ## Load
//
// CoDEx-S, a part of Wikidata, whose test facts are not in the graph: those are the gaps. And 300 errors are put in, about one fact in a
// hundred: the tail of a fact becomes another tail of the same relation, as when somebody slips in a list.

// %%
var ml = new MLContext(seed: 42);
KnowledgeGraph clean = ml.Data.LoadKnowledgeGraph("../data/codex-s");
var random = new Random(7);
Triple[] facts = clean.Triples(GraphSplit.Train).ToArray();
var known = KnownTriples.Of(clean, facts);
var errors = new HashSet<Triple>();
while (errors.Count < 300)
{
    int slip = random.Next(facts.Length);
    Triple wrong = facts[slip] with { Tail = facts[random.Next(facts.Length)].Tail };
    bool isTyped = facts.Any(fact => fact.Relation == wrong.Relation && fact.Tail == wrong.Tail);
    if (isTyped && wrong.Head != wrong.Tail && !known.Contains(wrong) && !errors.Contains(facts[slip]) && errors.Add(wrong))
    {
        facts[slip] = wrong;
    }
}

var builder = new KnowledgeGraphBuilder();
for (int entity = 0; entity < clean.Entities.Count; entity++)
{
    builder.AddEntity(clean.Entities[entity], clean.EntityText(entity));
}

for (int relation = 0; relation < clean.Relations.Count; relation++)
{
    builder.AddRelation(clean.Relations[relation], clean.RelationText(relation));
}

builder.AddRange(facts);
builder.AddRange(clean.Triples(GraphSplit.Test), GraphSplit.Test);
KnowledgeGraph graph = builder.Build();

// %% [markdown]
// ## Look

// %%
Console.WriteLine(graph);

// %% [markdown]
// ## Train
//
// The edge memory of the features predicts an edge of an entity from its other edges, a regression that `Fit` works out in one go. The path
// model of the package needs no training. Both see a fact as if the graph did not state it, so an error does not vouch for itself.

// %%
FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples("Features", graph).Fit(graph.ToDataView());
PathScoringTransformer paths = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());

// %% [markdown]
// ## Evaluate
//
// **Which are wrong?** The edge memory scores all facts in a moment; the lowest scores are suspects. The path model, which takes longer,
// puts the 1,000 worst in order by the log-odds of its verdict.

// %%
float[] memory = new float[facts.Length];
features.EdgeMemory!.Score(facts, QueryMask.Full, memory);
Triple[] worst = [.. facts.Zip(memory).OrderBy(fact => fact.Second).Select(fact => fact.First).Take(1000)];
ScoreVerdict[] verdicts = [.. paths.GetJudge().Judge(worst)];
Triple[] suspects = [.. worst.Zip(verdicts).OrderBy(fact => fact.Second.LogOdds).Select(fact => fact.First)];

// %% [markdown]
// How many of the errors are among the first so many suspects? By lot there would be three in 300.

// %%
foreach (int count in new[] { 50, 100, 300, 1000 })
{
    int byMemory = worst.Take(count).Count(errors.Contains), byBoth = suspects.Take(count).Count(errors.Contains);
    Console.WriteLine($"first {count}: {byMemory} errors by edge memory, {byBoth} with the path model");
}

// %%
foreach (Triple suspect in suspects.Take(12))
{
    Console.WriteLine($"{(errors.Contains(suspect) ? "put in" : "      ")}  {graph.TripleText(suspect)}");
}

// %% [markdown]
// What was not put in is not all right, either: Wikidata has errors of its own, and facts that are rare and true.
//
// **Which are missing?** For 200 of the test facts all entities are ranked as heads and as tails.

// %%
IDataView gaps = ml.Data.TakeRows(graph.ToDataView(GraphSplit.Test), 200);

// %%
Console.WriteLine(ml.Ranking.EvaluateLinkPrediction(paths.RankEntities(gaps)));

// %% [markdown]
// ## Consume
//
// What is missing about one person: the most probable entities that the graph does not state. A proposal is a candidate for somebody to
// accept, not a fact.

// %%
var stated = KnownTriples.Of(graph, facts);
HashSet<Triple> takenOut = [.. graph.Triples(GraphSplit.Test).ToArray()];
Triple question = graph.Triples(GraphSplit.Test)[0];
Console.WriteLine($"{graph.EntityText(question.Head)}, {graph.RelationText(question.Relation)}:");
foreach (ScoredTriple found in EntityRetrieval.Tails(
    paths.Scorer, question.Head, question.Relation, count: 5, isWanted: candidate => !stated.Contains(candidate)))
{
    Console.WriteLine($"  {graph.EntityText(found.Triple.Tail)}{(takenOut.Contains(found.Triple) ? " (a test fact)" : "")}");
}

// %% [markdown]
// And one verdict with its paths.

// %%
Console.WriteLine(VerdictReport.Of(paths, question));

// %%
ml.Model.SaveAtomically(paths, graph.ToDataView().Schema, "suspects.zip");
Console.WriteLine(FactProjects.Write(
    "suspects.zip", "wrong-and-missing",
    graph.Entities[question.Head], graph.Relations[question.Relation], graph.Entities[question.Tail]));
paths.Dispose();

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;

namespace Examples.Demo;

/// <summary>From a graph in files to a saved model that judges facts, and its figures on the test triples.</summary>
internal static class Demonstration
{
    private const int Seed = 42;

    /// <summary>Runs it all and returns the saved model's path.</summary>
    public static string Run()
    {
        var ml = new MLContext(Seed);
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(Folders.Data);
        Console.WriteLine($"CoDEx-S: {graph.Entities.Count:n0} entities, {graph.Relations.Count} relations, {graph.Triples(GraphSplit.Train).Length:n0} training triples.");

        // Labeled triples choose epochs and thresholds and teach verdicts; the test triples are for the last table only.
        IDataView labeled = graph.ToLabeledDataView(GraphSplit.Validation), test = graph.ToLabeledDataView(GraphSplit.Test);
        DataOperationsCatalog.TrainTestData parts = ml.Data.TrainTestSplit(labeled, testFraction: 0.2, seed: Seed);

        SgmTransformer stage1 = Stage1(ml, graph);
        GmtTransformer stage2 = Stage2(ml, graph, stage1, parts);
        var model = new TransformerChain<GmtTransformer>(stage1, stage2);

        Verdicts.Print(ml, graph, stage1, stage2, labeled, test);
        Links.Print(ml.Ranking.EvaluateLinkPrediction(stage1.RankEntities(graph.ToDataView(GraphSplit.Test))));

        string path = Path.Combine(Folders.Output, "facts.zip");
        ml.Model.SaveAtomically(model, labeled.Schema, path);
        model.Dispose();
        return path;
    }

    private static SgmTransformer Stage1(MLContext ml, KnowledgeGraph graph)
    {
        Console.WriteLine($"\nStage 1: the Semantic Graph Module, width {Settings.Stage1.GraphModule.GraphDimension}, {Settings.Stage1.GraphModule.Layers} layers.");
        return ml.Transforms.SgmPretrain(graph, Settings.Stage1).Fit(graph.ToDataView());
    }

    private static GmtTransformer Stage2(
        MLContext ml, KnowledgeGraph graph, SgmTransformer stage1, DataOperationsCatalog.TrainTestData labeled)
    {
        Console.WriteLine(
            "\nStage 2: a frozen LLaMA of 2.75 M parameters learns to read the graph. First training facts against typed negatives ...");
        IDataView facts = ml.Data.TakeRows(
            ml.Data.ShuffleRows(graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1), Seed), Settings.FactRows);
        using GmtTransformer onFacts = ml.Transforms.GmtFinetune(Folders.BaseModel, Settings.Facts)
            .Fit(stage1.Transform(facts));

        Console.WriteLine("... then 80 % of the labeled validation pairs; the other 20 % choose the epoch.");
        return ml.Transforms.GmtFinetune(Folders.BaseModel, Settings.Labels)
            .Fit(stage1.Transform(labeled.TrainSet), stage1.Transform(labeled.TestSet), onFacts);
    }
}

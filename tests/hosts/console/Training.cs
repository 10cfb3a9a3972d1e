using Microsoft.ML;
using Microsoft.ML.Gmt.Graph;

/// <summary>Both stages, short.</summary>
internal static class Training
{
    public static void Run(string folder, string baseModel, string target)
    {
        var ml = new MLContext(seed: 1);
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(folder);
        IDataView facts = graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);
        ITransformer model = ml.Transforms.SgmPretrain(graph, numberOfEpochs: 2, graphDimension: 16)
            .Append(ml.Transforms.GmtFinetune(baseModel, numberOfEpochs: 1)).Fit(facts);
        ml.Model.Save(model, facts.Schema, target);
    }
}

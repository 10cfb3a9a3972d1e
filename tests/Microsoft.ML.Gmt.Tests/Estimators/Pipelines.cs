using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>A small graph with something to learn, and pipelines that learn it in a moment.</summary>
internal static class Pipelines
{
    /// <summary>
    /// People live in cities and speak the language of the city's country; every tenth triple is held out, with a triple that is false
    /// beside it.
    /// </summary>
    public static KnowledgeGraph Graph { get; } = MakeGraph();

    public static SgmPretrainEstimator.Options Options { get; } = new()
    {
        GraphModule = new SgmOptions { GraphDimension = 16, Layers = 1, Heads = 2, TopK = 3 },
        Training = new SgmTrainingOptions { NumberOfEpochs = 4, BatchSize = 32, NegativesPerPositive = 8, LearningRate = 5e-3 },
        RelationSemantics = RelationSemanticsSource.Random(16),
        TransformBatchSize = 16,
    };

    public static SgmTransformer Fit(SgmPretrainEstimator.Options? options = null, KnowledgeGraph? graph = null) =>
        new MLContext(seed: 1).Transforms.SgmPretrain(graph ?? Graph, options ?? Options).Fit((graph ?? Graph).ToDataView());

    public static ScoredRow[] Score(SgmTransformer model, IDataView data) =>
        [.. new MLContext().Data.CreateEnumerable<ScoredRow>(model.Transform(data), reuseRowObject: false)];

    private static KnowledgeGraph MakeGraph()
    {
        var builder = new KnowledgeGraphBuilder();
        string[] countries = ["France", "Italy", "Spain", "Poland"];
        int row = 0;
        void Add(string head, string relation, string tail, string other)
        {
            GraphSplit split = row % 10 == 8 ? GraphSplit.Validation : row % 10 == 9 ? GraphSplit.Test : GraphSplit.Train;
            builder.Add(head, relation, tail, split);
            if (split != GraphSplit.Train)
            {
                builder.Add(head, relation, other, split, label: false);
            }

            row++;
        }

        for (int person = 0; person < 60; person++)
        {
            int country = person % 4;
            string other = countries[(country + 1) % 4];
            Add($"person {person}", "lives in", $"{countries[country]} city {person % 3}", $"{other} city {person % 3}");
            Add($"person {person}", "speaks", $"language of {countries[country]}", $"language of {other}");
            Add($"person {person}", "knows", $"person {(person + 4) % 60}", $"person {(person + 5) % 60}");
        }

        return builder.Build();
    }
}

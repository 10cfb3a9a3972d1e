using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Extensions;

/// <summary>The small models of <c>tests/earlier-models</c>, as an application has them.</summary>
internal static class EarlierModel
{
    /// <summary>Both stages.</summary>
    public static string Facts => PathOf("facts.zip");

    /// <summary>The graph of them all, without a model.</summary>
    public static string GraphFolder => PathOf("graph");

    public static string PathOf(string name) => Path.Combine(Goldens.RepositoryRoot, "tests", "earlier-models", name);

    /// <summary>Saves a path model of the same graph, whose probabilities differ from those of <see cref="Facts"/>.</summary>
    public static string SavePathModel(string archive)
    {
        var ml = new MLContext();
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(GraphFolder);
        using PathScoringTransformer model = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
        ml.Model.SaveAtomically(model, graph.ToDataView().Schema, archive);
        return archive;
    }
}

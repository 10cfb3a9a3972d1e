using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>The differentiable forward pass of a foundation model.</summary>
internal static class FoundationForward
{
    /// <summary>The scores of all entities; gradients flow to all weights of the module.</summary>
    /// <param name="module">The weights.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="queries">The queries. The relation network runs once for each of their relations.</param>
    /// <returns>Logits: [queries, entities].</returns>
    public static Tensor Scores(FoundationModule module, FoundationGraph graph, IReadOnlyList<PathTrainingQuery> queries)
    {
        int width = module.Shape.Width, labels = graph.LabelCount, relations = labels / 2;
        int[] asked = [.. queries.Select(query => query.Label % relations).Distinct().Order()];
        int[] groups = [.. queries.Select(query => Array.BinarySearch(asked, query.Label % relations))];
        Tensor representations = Representations(module, graph, asked);                                  // [groups, labels, d]
        long[] rows = [.. queries.Select((query, i) => ((long)groups[i] * labels) + query.Label)];
        Tensor vectors = representations.view(-1, width).index_select(0, tensor(rows, device: CPU));                  // [queries, d]
        return graph.EntityOperator.Scores(module.Entities, new PathBatch(
            [.. queries.Select(query => query.Source)], vectors, module.Project(representations), groups,
            [.. queries.Select(query => query.Removed)]));
    }

    /// <summary>How all labels look from some relations.</summary>
    /// <param name="module">The weights.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="relations">The relations, below R.</param>
    /// <returns>Z: [relations, 2R, d].</returns>
    public static Tensor Representations(FoundationModule module, FoundationGraph graph, int[] relations)
    {
        Tensor start = ones(relations.Length, module.Shape.Width, dtype: ScalarType.Float32, device: CPU);
        return graph.RelationOperator.States(module.Relations, new PathBatch(
            relations, start, module.RelationLabels.unsqueeze(0), new int[relations.Length],
            [.. relations.Select(_ => Array.Empty<int>())]));
    }
}

using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Kge;

/// <summary>Embeddings to test with.</summary>
internal static class KgeModels
{
    /// <summary>All shapes: each model, with and without reciprocal relations, of a dimension that no vector register divides.</summary>
    public static IEnumerable<KgeShape> Shapes(int dimension = 21) =>
        from model in Enum.GetValues<KgeModel>()
        from isReciprocal in new[] { false, true }
        from norm in model == KgeModel.TransE ? new[] { 1, 2 } : [1]
        select new KgeShape
        {
            Model = model,
            EmbeddingDimension = dimension,
            ReciprocalRelations = isReciprocal,
            DistanceNorm = norm,
        };

    /// <summary>A module with numbers of a size at which all parts of a score matter.</summary>
    public static KgeModule Create(KgeShape shape, GraphBounds bounds, int seed = 5) =>
        KgeModule.Create(shape, bounds, 0.7, new RandomStreams(seed));
}

using System.Numerics;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Kge;

/// <summary>Scores and losses as the papers' formulas have them: in double precision, number by number.</summary>
internal static class NaiveKge
{
    public static double[] Row(Tensor matrix, long row)
    {
        using var scope = NewDisposeScope();
        return Array.ConvertAll(matrix[row].detach().data<float>().ToArray(), value => (double)value);
    }

    /// <summary>The score of (h, r, t) by three vectors.</summary>
    public static double Score(KgeShape shape, double[] head, double[] relation, double[] tail)
    {
        int d = shape.EmbeddingDimension;
        Complex Number(double[] vector, int i) => new(vector[i], vector[d + i]);
        return shape.Model switch
        {
            KgeModel.ComplEx => Enumerable.Range(0, d)
                .Sum(i => (Number(head, i) * Number(relation, i) * Complex.Conjugate(Number(tail, i))).Real),
            KgeModel.DistMult => Enumerable.Range(0, d).Sum(i => head[i] * relation[i] * tail[i]),
            KgeModel.Rescal => Enumerable.Range(0, d)
                .Sum(i => Enumerable.Range(0, d).Sum(j => head[i] * relation[(i * d) + j] * tail[j])),
            KgeModel.RotatE => -Enumerable.Range(0, d)
                .Sum(i => (Number(head, i) * Complex.FromPolarCoordinates(1, relation[i]) - Number(tail, i)).Magnitude),
            _ => shape.DistanceNorm == 1
                ? -Enumerable.Range(0, d).Sum(i => Math.Abs(head[i] + relation[i] - tail[i]))
                : -Math.Sqrt(Enumerable.Range(0, d).Sum(i => Math.Pow(head[i] + relation[i] - tail[i], 2))),
        };
    }

    /// <summary>The score of a triple by the question for its tail, or by the one for its head.</summary>
    public static double Score(KgeModule module, Triple triple, bool asksForTail)
    {
        double[] head = Row(module.Entities, triple.Head), tail = Row(module.Entities, triple.Tail);
        long half = module.Relations.size(0) / 2;
        return asksForTail || !module.Shape.ReciprocalRelations
            ? Score(module.Shape, head, Row(module.Relations, triple.Relation), tail)
            : Score(module.Shape, tail, Row(module.Relations, triple.Relation + half), head);
    }
}

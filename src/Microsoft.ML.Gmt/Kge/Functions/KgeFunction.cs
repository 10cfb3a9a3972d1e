using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>
/// The algebra of a model, apart from everything else: what a head and a relation ask for as one vector, and how that is compared with the
/// vector of an entity.
/// </summary>
internal abstract class KgeFunction
{
    /// <summary>The algebra of a shape.</summary>
    public static KgeFunction Of(KgeShape shape) => shape.Model switch
    {
        KgeModel.ComplEx => new ComplExFunction(),
        KgeModel.DistMult => new DistMultFunction(),
        KgeModel.Rescal => new RescalFunction(),
        KgeModel.RotatE => new RotatEFunction(),
        _ => new TransEFunction(shape.DistanceNorm),
    };

    /// <summary>How a query's vector and an entity's make the score.</summary>
    public abstract VectorComparison Comparison { get; }

    /// <summary>Numbers of an entity's vector.</summary>
    /// <param name="dimension">d.</param>
    public virtual int EntityWidth(int dimension) => dimension;

    /// <summary>Numbers of a relation's.</summary>
    /// <param name="dimension">d.</param>
    public virtual int RelationWidth(int dimension) => dimension;

    /// <summary>How entities start.</summary>
    /// <param name="scale">What <see cref="KgeTrainingOptions.InitialScale"/> says.</param>
    public virtual InitialValue InitialEntity(double scale) => InitialValue.Normal(scale);

    /// <summary>How relations start.</summary>
    /// <param name="scale">What <see cref="KgeTrainingOptions.InitialScale"/> says.</param>
    public virtual InitialValue InitialRelation(double scale) => InitialEntity(scale);

    /// <summary>What (h, r, ?) asks for: [queries, entity width].</summary>
    /// <param name="heads">[queries, entity width].</param>
    /// <param name="relations">All relations: [rows, relation width].</param>
    /// <param name="ids">The relation of each query; equal ones are fastest side by side.</param>
    public abstract Tensor TailQueries(Tensor heads, Tensor relations, long[] ids);

    /// <summary>What (?, r, t) asks for, where no reciprocal relation does: [queries, entity width].</summary>
    /// <param name="tails">[queries, entity width].</param>
    /// <param name="relations">All relations: [rows, relation width].</param>
    /// <param name="ids">The relation of each query.</param>
    public abstract Tensor HeadQueries(Tensor tails, Tensor relations, long[] ids);

    /// <summary>Squares of the numbers that entities are made of, of complex ones of their moduli: [rows, d].</summary>
    /// <param name="rows">[rows, entity width].</param>
    public virtual Tensor EntitySquares(Tensor rows) => rows.square();

    /// <summary>The same of relations; null where short relations mean nothing.</summary>
    /// <param name="rows">[rows, relation width].</param>
    public virtual Tensor? RelationSquares(Tensor rows) => EntitySquares(rows);

    /// <summary>One row of a matrix for each id: [ids, width]; its gradient is summed in the order of the ids.</summary>
    public static Tensor Rows(Tensor matrix, long[] ids) =>
        AtenDispatcher.Call("aten::embedding", "", matrix, tensor(ids, device: matrix.device), -1L, false, false);
}

using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>An embedding: a vector for each entity and each relation, in fp32 on the CPU.</summary>
internal sealed class KgeModule : nn.Module
{
    [ComponentName(Name = EntityName)]
    private readonly Parameter _entities;

    [ComponentName(Name = RelationName)]
    private readonly Parameter _relations;

    private const string EntityName = "entity_embeddings", RelationName = "relation_embeddings";

    /// <param name="shape">Model and dimension.</param>
    /// <param name="bounds">How many entities and relations there are.</param>
    /// <param name="source">Gives both matrices.</param>
    /// <param name="initialScale">How large the first numbers are; no matter to matrices that are read.</param>
    public KgeModule(KgeShape shape, GraphBounds bounds, ParameterSource source, double initialScale = 0) : base(nameof(KgeModule))
    {
        shape.Check();
        (Shape, Function) = (shape, KgeFunction.Of(shape));
        int dimension = shape.EmbeddingDimension;
        _entities = source.Get(EntityName, Function.InitialEntity(initialScale), bounds.Entities, Function.EntityWidth(dimension));
        _relations = source.Get(
            RelationName, Function.InitialRelation(initialScale), shape.RelationRows(bounds), Function.RelationWidth(dimension));
        RegisterComponents();
        foreach (Parameter parameter in parameters())
        {
            parameter.DetachFromDisposeScope(); // they live as long as the module, whatever scope it is made in
        }
    }

    /// <summary>Model and dimension.</summary>
    public KgeShape Shape { get; }

    /// <summary>The model's algebra.</summary>
    public KgeFunction Function { get; }

    /// <summary>[entities, width].</summary>
    public Parameter Entities => _entities;

    /// <summary>[relations, width], or [2 relations, width] with reciprocal ones.</summary>
    public Parameter Relations => _relations;

    /// <summary>An untrained module; equal seeds give equal numbers.</summary>
    public static KgeModule Create(KgeShape shape, GraphBounds bounds, double initialScale, RandomStreams streams)
    {
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = streams.Generator("kge-initialization");
        return new KgeModule(shape, bounds, new GeneratorParameters(generator), initialScale);
    }

    /// <summary>What queries ask for: [queries, width].</summary>
    /// <param name="given">The entity of each query: heads of (h, r, ?), tails of (?, r, t).</param>
    /// <param name="relations">The row of the relation matrix of each.</param>
    /// <param name="tailQueries">How many of the queries, from the first, ask for tails in the direction of their relation's row.</param>
    public Tensor Queries(long[] given, long[] relations, int tailQueries)
    {
        Tensor vectors = KgeFunction.Rows(_entities, given);                                             // [queries, width]
        if (tailQueries == given.Length)
        {
            return Function.TailQueries(vectors, _relations, relations);
        }

        int headQueries = given.Length - tailQueries;
        Tensor heads = Function.HeadQueries(vectors.narrow(0, tailQueries, headQueries), _relations, relations[tailQueries..]);
        return tailQueries == 0
            ? heads
            : cat([Function.TailQueries(vectors.narrow(0, 0, tailQueries), _relations, relations[..tailQueries]), heads], 0);
    }

    /// <summary>Scores of all entities: [queries, entities].</summary>
    /// <param name="queries">[queries, width].</param>
    public Tensor ScoreAll(Tensor queries) => Function.Comparison == VectorComparison.Product
        ? queries.mm(_entities.t())
        : CandidateScores.OfAll(queries, _entities, Function.Comparison);

    /// <summary>Scores of candidates of each query: [queries, candidates each].</summary>
    /// <param name="queries">[queries, width].</param>
    /// <param name="candidates">The candidates of the first query, then those of the second …, the same number of each.</param>
    public Tensor ScoreCandidates(Tensor queries, int[] candidates) =>
        CandidateScores.Of(queries, _entities, Function.Comparison, candidates);
}

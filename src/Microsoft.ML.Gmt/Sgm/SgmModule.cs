using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using Embedding = Microsoft.ML.Gmt.Layers.Embedding;
using Linear = Microsoft.ML.Gmt.Layers.Linear;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// The Semantic Graph Module of Graph-as-Memory Tuning (arXiv 2510.08966): encodes an edge from its relation and from the relations around
/// its neighbor, and scores triples by DistMult over the entities' mean edge states. Parameters have the reference's names and shapes.
/// </summary>
/// <remarks>
/// <para>Many edges share what is encoded of them; the module encodes each distinct edge state once. <see cref="EdgeStateList"/> says what
/// that is.</para>
/// <para>Reading from many threads at once is safe; training is not.</para>
/// </remarks>
internal sealed class SgmModule : nn.Module
{
    [ComponentName(Name = "rel_semantic")]
    private readonly Embedding _relationSemantics;

    [ComponentName(Name = "rel_proj")]
    private readonly Linear? _relationProjection;

    [ComponentName(Name = "layers")]
    private readonly ModuleList<RelationContextLayer> _layers;

    /// <summary>Makes an untrained module.</summary>
    /// <param name="options">Its shape.</param>
    /// <param name="relationSemantics">[relations, s], inverse ones included; copied. They are projected only if s differs from d.</param>
    /// <param name="streams">The source of the initial weights.</param>
    /// <param name="budget">How much may be allocated, for a module that is filled from a file; null for any.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="WeightFileException">The budget does not do.</exception>
    public SgmModule(SgmOptions options, Tensor relationSemantics, RandomStreams streams, ParameterBudget? budget = null)
        : base(nameof(SgmModule))
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(relationSemantics);
        ArgumentNullException.ThrowIfNull(streams);
        options.Check();
        Options = options;
        using var scope = NewDisposeScope();
        using var generator = streams.Generator("sgm-initialization");
        var source = new GeneratorParameters(generator, budget);
        _relationSemantics = new Embedding(
            new Parameter(relationSemantics.detach().to(ScalarType.Float32, copy: true), options.TrainableRelationSemantics));
        if (!FiniteTensor.IsFinite(_relationSemantics.Weight))
        {
            throw new ArgumentException(
                "The relations' vectors hold numbers that are not finite in single precision (NaN or infinity).",
                nameof(relationSemantics));
        }

        long width = relationSemantics.size(1);
        _relationProjection = width == options.GraphDimension
            ? null
            : new Linear(source, "rel_proj", options.GraphDimension, width, bias: true);
        _layers = new ModuleList<RelationContextLayer>(
            [.. Enumerable.Range(0, options.Layers).Select(layer => new RelationContextLayer(source, $"layers.{layer}", options))]);
        RegisterComponents();
        foreach (Parameter parameter in parameters())
        {
            // They live as long as the module, whatever scope it is made in.
            parameter.DetachFromDisposeScope();
        }
    }

    /// <summary>The module's shape.</summary>
    public SgmOptions Options { get; }

    /// <summary>How many relations it knows, inverse ones included.</summary>
    public int RelationCount => (int)_relationSemantics.Weight.size(0);

    /// <summary>The relations' vectors as given: [relations, s].</summary>
    internal Embedding RelationSemantics => _relationSemantics;

    /// <summary>s → d, or null where s = d.</summary>
    internal Linear? RelationProjection => _relationProjection;

    /// <summary>The context layers.</summary>
    internal ModuleList<RelationContextLayer> Layers => _layers;

    /// <summary>The relations' vectors, projected where s ≠ d: [relations, d].</summary>
    internal Tensor RelationVectors() =>
        _relationProjection is null ? _relationSemantics.Weight : _relationProjection.call(_relationSemantics.Weight);

    /// <summary>The order of relations by similarity, from the current weights.</summary>
    internal RelationOrder RelationOrder()
    {
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            return Sgm.RelationOrder.Of(RelationVectors());
        }
    }

    /// <summary>Encodes edge states: [states, d]. Differentiable.</summary>
    /// <param name="states">The states.</param>
    /// <param name="dropout">The source of dropout masks in training, one draw for each distinct state, that of a state wherever it
    /// stands in the list; null for none.</param>
    internal Tensor EncodeStates(EdgeStateList states, SeededDropout? dropout = null)
    {
        ArgumentNullException.ThrowIfNull(states);
        using var scope = NewDisposeScope();
        Tensor relations = RelationVectors();                                                                    // [relations, d]
        SparseMatrix contexts = states.ContextMeans(RelationCount);
        long[] ofStates = Array.ConvertAll(states.Relations, relation => (long)relation);
        Tensor encoded = relations.index_select(0, tensor(ofStates, device: relations.device));                  // [states, d]
        ulong[] keys = dropout is null ? [] : states.Keys;
        foreach (RelationContextLayer layer in _layers)
        {
            encoded = layer.Update(encoded, contexts, relations, dropout, keys);
        }

        return encoded.MoveToOuterDisposeScope();
    }
}

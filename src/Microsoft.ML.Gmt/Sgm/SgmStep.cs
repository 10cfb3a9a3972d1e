using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>One optimizer step of stage 1 after another, on batches that the caller chooses.</summary>
internal sealed class SgmStep : IDisposable
{
    private readonly SgmModule _module;
    private readonly GraphEdgeStateIndex _index;
    private readonly bool _contextsTrain;
    private readonly QueryMask _mask;

    /// <param name="module">What is trained; not disposed.</param>
    /// <param name="index">The graph's edge states, kept in step with the module.</param>
    /// <param name="options">How it trains.</param>
    /// <param name="streams">The random streams of the run.</param>
    /// <param name="ranks">The processes that share each step; null for this one alone.</param>
    public SgmStep(
        SgmModule module, GraphEdgeStateIndex index, SgmTrainingOptions options, RandomStreams streams, ICollective? ranks = null)
    {
        (_module, _index, _mask) = (module, index, options.Mask);
        _contextsTrain = module.Options.TrainableRelationSemantics || module.RelationProjection is not null;
        index.Refresh(module);
        Dropout = new SeededDropout(streams.Generator("sgm-dropout"));
        (string Name, Parameter Parameter)[] trained = [.. module.named_parameters().Where(pair => pair.parameter.requires_grad)];
        var optimizer = new FusedAdamW(trained, options.LearningRate, options.WeightDecay);
        Gradients = new GradientStep(
            trained.Select(pair => pair.Parameter), [new("optimizer", optimizer)], _ => options.LearningRate,
            sharing: StepSharing.Of(ranks, options.Reproducible));
    }

    /// <summary>Moves the weights.</summary>
    public GradientStep Gradients { get; }

    /// <summary>The source of dropout masks.</summary>
    public SeededDropout Dropout { get; }

    /// <summary>Takes a step and returns the loss before it.</summary>
    /// <remarks>
    /// Several processes share the encoding of edge states (<see cref="SharedEncoding"/>). A state's dropout masks depend on the state and
    /// the draw, and all processes draw as often as one alone, so that they are the same however many there are.
    /// </remarks>
    /// <param name="positives">B true triples.</param>
    /// <param name="negatives">B · K corrupted ones, K for each true one in turn.</param>
    /// <param name="step">Steps done before this one.</param>
    /// <exception cref="NotFiniteNumberException">The loss or a gradient is not finite; the weights are as they were.</exception>
    public double Take(IReadOnlyList<Triple> positives, IReadOnlyList<Triple> negatives, long step)
    {
        using var scope = NewDisposeScope();
        GraphEdgeStates states = _contextsTrain ? _index.Refresh(_module) : _index.Current;
        var forward = new SgmForward(_module, states);
        using var encoding = new SharedEncoding(_module, Gradients.Sharing, Dropout);
        Tensor scores = _mask == QueryMask.None
            ? forward.Score([.. positives, .. negatives], encoding.Encode)
            : forward.Score(Queries(positives, negatives), _mask, encoding.Encode);   // [B + B · K]
        Tensor loss = LogisticLoss.Of(scores.narrow(0, 0, positives.Count), scores.narrow(0, positives.Count, negatives.Count));
        loss.backward();
        var part = new PartLoss(loss.item<float>(), Weight: 1);
        Gradients.Sharing.Count(positives.Count);
        return Gradients.Take(step, encoding.Count, states =>
        {
            encoding.Backward(states);
            return part;
        });
    }

    private static TripleQuery[] Queries(IReadOnlyList<Triple> positives, IReadOnlyList<Triple> negatives)
    {
        int each = negatives.Count / positives.Count;
        return
        [
            .. TripleQuery.Of(positives),
            .. negatives.Select((negative, row) => new TripleQuery(negative, positives[row / each])),
        ];
    }

    public void Dispose()
    {
        Gradients.Dispose();
        Dropout.Dispose();
    }
}

using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>One optimizer step of stage 1 after another, on batches that the caller chooses.</summary>
internal sealed class SgmStep : IDisposable
{
    private readonly SgmModule _module;
    private readonly GraphStateIndex _index;
    private readonly SeededDropout _dropout;
    private readonly optim.Optimizer _optimizer;
    private readonly bool _contextsTrain;

    public SgmStep(SgmModule module, GraphStateIndex index, SgmTrainingOptions options, RandomStreams streams)
    {
        (_module, _index) = (module, index);
        _contextsTrain = module.Options.TrainableRelationSemantics || module.RelationProjection is not null;
        index.Refresh(module);
        _dropout = new SeededDropout(streams.Generator("sgm-dropout"));
        _optimizer = optim.AdamW(module.parameters().Where(parameter => parameter.requires_grad), options.LearningRate, weight_decay: options.WeightDecay);
    }

    /// <summary>Takes a step and returns the loss before it.</summary>
    /// <param name="positives">B true triples.</param>
    /// <param name="negatives">B · K corrupted ones, K for each true one in turn.</param>
    public double Take(IReadOnlyList<Triple> positives, IReadOnlyList<Triple> negatives)
    {
        using var scope = NewDisposeScope();
        Triple[] all = [.. positives, .. negatives];
        GraphStates states = _contextsTrain ? _index.Refresh(_module) : _index.Current;
        Tensor scores = TripleScorer.Score(_module, states, all, _dropout);   // [B + B · K]
        Tensor loss = TripleScorer.Loss(scores.narrow(0, 0, positives.Count), scores.narrow(0, positives.Count, negatives.Count));
        _optimizer.zero_grad();
        loss.backward();
        _optimizer.step();
        return loss.item<float>();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _dropout.Dispose();
    }
}

using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <content>How evidence and features become memory, and how layers read it.</content>
internal sealed partial class GmtModel
{
    /// <summary>Memory tokens of a batch of triples, without gradients.</summary>
    /// <remarks>
    /// The graph's edge states are encoded once and for all where the model is frozen (<see cref="Freeze"/>), else those of the evidence
    /// with each call.
    /// </remarks>
    /// <param name="evidence">The triples' evidence.</param>
    /// <param name="features">The features of each triple, for a model that reads some.</param>
    /// <returns>[batch, memory, hidden] fp32.</returns>
    /// <exception cref="InvalidOperationException">The model reads features and there are none.</exception>
    internal Tensor Remember(TripleEvidence evidence, IReadOnlyList<float[]?>? features = null)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        using IDisposable inference = no_grad();
        return WithFeatures(Encoder.EncodeFrozen(evidence, _frozen?.Encoded), features);
    }

    /// <summary>
    /// How much the memory attends to each evidence edge, averaged over heads and memory tokens; a row's weights sum to 1.
    /// </summary>
    /// <param name="evidence">The triples' evidence.</param>
    /// <returns>For each row one weight for each of <see cref="EvidenceRow.Edges"/>.</returns>
    internal IReadOnlyList<float[]> EdgeWeights(TripleEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        IReadOnlyList<float[]> weights = Encoder.EdgeWeights(evidence, _frozen?.Encoded);
        for (int row = 0; row < weights.Count; row++)
        {
            int place = row;
            FiniteNumbers.CheckScores(weights[row], edge => $"the memory's attention to edge {edge} of row {place}");
        }

        return weights;
    }

    /// <summary>Lets the layers read the evidence of a batch of triples as memory, without gradients.</summary>
    /// <param name="evidence">The triples' evidence.</param>
    /// <param name="features">The features of each triple, for a model that reads some.</param>
    /// <returns>The reader; its tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="InvalidOperationException">The model reads features and there are none.</exception>
    internal MemoryReader ReadEvidence(TripleEvidence evidence, IReadOnlyList<float[]?>? features = null)
    {
        using IDisposable inference = no_grad();
        return Read(Remember(evidence, features));
    }

    /// <summary>Lets the layers read one triple's evidence with several variants of its features, a row each, without gradients.</summary>
    /// <param name="evidence">The triple's evidence, one row.</param>
    /// <param name="features">Its features in each variant.</param>
    /// <returns>The reader; its tensors belong to the caller's dispose scope.</returns>
    internal MemoryReader ReadVariants(TripleEvidence evidence, IReadOnlyList<float[]> features)
    {
        using IDisposable inference = no_grad();
        Tensor memory = Encoder.EncodeFrozen(evidence, _frozen?.Encoded).expand(features.Count, -1, -1);
        return Read(WithFeatures(memory, features));
    }

    /// <summary>The same while the model is trained: differentiable.</summary>
    /// <param name="evidence">The triples' evidence.</param>
    /// <param name="features">The features of each triple, for a model that reads some.</param>
    /// <param name="dropout">The source of masks; null for none.</param>
    /// <returns>The reader; its tensors belong to the caller's dispose scope.</returns>
    internal MemoryReader ReadEvidence(TripleEvidence evidence, IReadOnlyList<float[]?> features, SeededDropout? dropout) =>
        Read(WithFeatures(Encoder.Encode(evidence, dropout), features), dropout);

    /// <summary>Gives the memory of a batch to the layers that read it.</summary>
    /// <param name="memory">Output of <see cref="GraphMemoryEncoder.Encode"/>, [batch, memory, hidden].</param>
    /// <param name="dropout">The source of masks in training; null for none.</param>
    /// <returns>The reader; its tensors belong to the caller's dispose scope.</returns>
    internal MemoryReader Read(Tensor memory, SeededDropout? dropout = null) => new(_memoryLayers, memory, dropout);

    /// <summary>A whole forward pass with logits at every position.</summary>
    /// <param name="inputIds">[batch, query], int64, padding to the left.</param>
    /// <param name="attentionMask">[batch, query], 1 at tokens and 0 at padding; null: no padding.</param>
    /// <param name="memory">[batch, memory, hidden].</param>
    /// <returns>[batch, query, vocabulary] in fp32.</returns>
    public Tensor Forward(Tensor inputIds, Tensor? attentionMask, Tensor memory)
    {
        using DisposeScope scope = NewDisposeScope();
        return BaseModel.Forward(inputIds, attentionMask, Read(memory).Hook).MoveToOuterDisposeScope();
    }

    /// <summary>Puts the tokens of features behind those of the evidence, which stay as they are.</summary>
    private Tensor WithFeatures(Tensor memory, IReadOnlyList<float[]?>? features)
    {
        if (Features is not { } network)
        {
            return memory;
        }

        if (features is null || features.Contains(null))
        {
            throw new InvalidOperationException(
                "This model reads features beside the graph, and none were given. Transform rows that have the column of its features.");
        }

        return cat([memory, network.Encode([.. features.Select(row => row!)], BaseModel.Device)], 1);
    }
}

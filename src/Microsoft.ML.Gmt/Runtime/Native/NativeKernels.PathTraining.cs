using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <content>Path models in training.</content>
internal static unsafe partial class NativeKernels
{
    /// <summary>Runs a batch forward.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="batch">Weights and queries.</param>
    /// <param name="threadCount">How many threads may run, one query each.</param>
    /// <param name="results">Room for scores, [B, N], or without a readout for states, [B, N, d].</param>
    /// <exception cref="ArgumentException">An index is out of range, or the processor lacks the instructions.</exception>
    internal static void RunPathBatch(NativePathGraph graph, in NativePathBatch batch, int threadCount, float* results)
    {
        using NativePathGraph.Hold hold = new(graph);
        fixed (int* sources = batch.Sources, groups = batch.Groups, inverse = batch.InverseLabels)
        fixed (int* removed = batch.Removed, inverses = batch.RemovedInverses)
        fixed (long* offsets = batch.RemovedOffsets)
        {
            PathWeights weights = WeightsOf(batch);
            PathBatch native = BatchOf(batch, sources, groups, inverse, offsets, removed, inverses);
            Check(RunPathBatch(hold.Handle, &weights, batch.Instructions.Code, &native, threadCount, results));
        }
    }

    /// <summary>Runs a batch forward and back.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="batch">Weights and queries.</param>
    /// <param name="threadCount">How many threads may run, one query each.</param>
    /// <param name="resultGradients">The gradients of the results, in their shape.</param>
    /// <param name="gradients">Room for all others.</param>
    /// <exception cref="ArgumentException">An index is out of range, or the processor lacks the instructions.</exception>
    internal static void RunPathBatchBack(
        NativePathGraph graph, in NativePathBatch batch, int threadCount, float* resultGradients, NativePathGradients gradients)
    {
        using NativePathGraph.Hold hold = new(graph);
        fixed (int* sources = batch.Sources, groups = batch.Groups, inverse = batch.InverseLabels)
        fixed (int* removed = batch.Removed, inverses = batch.RemovedInverses)
        fixed (long* offsets = batch.RemovedOffsets)
        {
            PathWeights weights = WeightsOf(batch);
            PathBatch native = BatchOf(batch, sources, groups, inverse, offsets, removed, inverses);
            Check(RunPathBatchBack(hold.Handle, &weights, batch.Instructions.Code, &native, threadCount, resultGradients, &gradients));
        }
    }

    private static PathWeights WeightsOf(in NativePathBatch batch) => new()
    {
        Width = batch.Width,
        LayerCount = batch.LayerCount,
        Hidden = batch.HiddenWidth,
        Epsilon = batch.Epsilon,
        Linear = batch.Linear,
        Bias = batch.Bias,
        NormScale = batch.NormScale,
        NormShift = batch.NormShift,
        DegreeScale = batch.DegreeScale,
        HiddenWeight = batch.Hidden,
        HiddenBias = batch.HiddenBias,
        OutputWeight = batch.Output,
        OutputBias = batch.OutputBias,
    };

    private static PathBatch BatchOf(
        in NativePathBatch batch, int* sources, int* groups, int* inverse, long* offsets, int* removed, int* inverses) => new()
        {
            Count = batch.Sources.Length,
            Sources = sources,
            Vectors = batch.Vectors,
            Groups = groups,
            GroupCount = batch.GroupCount,
            LabelVectors = batch.LabelVectors,
            InverseLabels = inverse,
            RemovedOffsets = offsets,
            RemovedEdges = removed,
            RemovedInverses = inverses,
        };

    [LibraryImport(Library, EntryPoint = "gmt_run_path_batch")]
    private static partial int RunPathBatch(
        nint graph, PathWeights* weights, int instructions, PathBatch* batch, int threadCount, float* results);

    [LibraryImport(Library, EntryPoint = "gmt_run_path_batch_back")]
    private static partial int RunPathBatchBack(
        nint graph, PathWeights* weights, int instructions, PathBatch* batch, int threadCount, float* resultGradients,
        NativePathGradients* gradients);

    // gmt_path_batch
    [StructLayout(LayoutKind.Sequential)]
    private struct PathBatch
    {
        public long Count;
        public int* Sources;
        public float* Vectors;
        public int* Groups;
        public long GroupCount;
        public float* LabelVectors;
        public int* InverseLabels;
        public long* RemovedOffsets;
        public int* RemovedEdges, RemovedInverses;
    }
}

using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <content>Path models.</content>
internal static unsafe partial class NativeKernels
{
    internal static nint MakePathGraph(int labelCount, ReadOnlySpan<long> offsets, ReadOnlySpan<int> senders, ReadOnlySpan<int> labels)
    {
        fixed (long* o = offsets)
        fixed (int* s = senders, l = labels)
        {
            Check(MakePathGraph(offsets.Length - 1, labelCount, o, s, l, out nint graph));
            return graph;
        }
    }

    internal static nint MakePathNetwork(in NativePathWeights weights, NativeInstructions instructions)
    {
        Span<PathWeights> native = stackalloc PathWeights[1];
        fixed (float* linear = weights.Linear, bias = weights.Bias, scale = weights.NormScale, shift = weights.NormShift)
        fixed (float* hidden = weights.Hidden, hiddenBias = weights.HiddenBias, output = weights.Output, degrees = weights.DegreeScale)
        fixed (PathWeights* pointer = native)
        {
            *pointer = new PathWeights
            {
                Width = weights.Width,
                LayerCount = weights.LayerCount,
                Hidden = weights.HiddenBias.Length,
                Epsilon = weights.Epsilon,
                Linear = linear,
                Bias = bias,
                NormScale = scale,
                NormShift = shift,
                HiddenWeight = hidden,
                HiddenBias = hiddenBias,
                OutputWeight = output,
                OutputBias = weights.OutputBias,
                DegreeScale = degrees,
            };
            Check(MakePathNetwork(pointer, instructions.Code, out nint network));
            return network;
        }
    }

    internal static nint MakePathCondition(nint graph, nint network, ReadOnlySpan<float> labelVectors)
    {
        fixed (float* vectors = labelVectors)
        {
            Check(MakePathCondition(graph, network, vectors, out nint condition));
            return condition;
        }
    }

    internal static void ScorePaths(nint condition, in NativePathQueries queries, int threadCount, Span<float> scores)
    {
        fixed (int* sources = queries.Sources, answers = queries.Answers, removed = queries.Removed)
        fixed (float* vectors = queries.Vectors, results = scores)
        fixed (long* offsets = queries.RemovedOffsets)
        {
            var native = new PathQueries
            {
                Count = queries.Sources.Length,
                Sources = sources,
                Vectors = vectors,
                Answers = answers,
                RemovedOffsets = offsets,
                RemovedEdges = removed,
                MostNewNodes = queries.MostNewNodes,
            };
            Check(ScorePaths(condition, &native, threadCount, results));
        }
    }

    internal static void FindPathStates(nint condition, in NativePathQueries queries, int threadCount, Span<float> states)
    {
        fixed (int* sources = queries.Sources, removed = queries.Removed)
        fixed (float* vectors = queries.Vectors, results = states)
        fixed (long* offsets = queries.RemovedOffsets)
        {
            var native = new PathQueries
            {
                Count = queries.Sources.Length,
                Sources = sources,
                Vectors = vectors,
                RemovedOffsets = offsets,
                RemovedEdges = removed,
                MostNewNodes = queries.MostNewNodes,
            };
            Check(FindPathStates(condition, &native, threadCount, results));
        }
    }

    [LibraryImport(Library, EntryPoint = "gmt_make_path_graph")]
    private static partial int MakePathGraph(int nodeCount, int labelCount, long* offsets, int* senders, int* labels, out nint graph);

    [LibraryImport(Library, EntryPoint = "gmt_free_path_graph")]
    internal static partial void FreePathGraph(nint graph);

    [LibraryImport(Library, EntryPoint = "gmt_make_path_network")]
    private static partial int MakePathNetwork(PathWeights* weights, int instructions, out nint network);

    [LibraryImport(Library, EntryPoint = "gmt_free_path_network")]
    internal static partial void FreePathNetwork(nint network);

    [LibraryImport(Library, EntryPoint = "gmt_make_path_condition")]
    private static partial int MakePathCondition(nint graph, nint network, float* labelVectors, out nint condition);

    [LibraryImport(Library, EntryPoint = "gmt_free_path_condition")]
    internal static partial void FreePathCondition(nint condition);

    [LibraryImport(Library, EntryPoint = "gmt_score_paths")]
    private static partial int ScorePaths(nint condition, PathQueries* queries, int threadCount, float* scores);

    [LibraryImport(Library, EntryPoint = "gmt_find_path_states")]
    private static partial int FindPathStates(nint condition, PathQueries* queries, int threadCount, float* states);

    // gmt_path_weights
    [StructLayout(LayoutKind.Sequential)]
    private struct PathWeights
    {
        public int Width, LayerCount, Hidden;
        public float Epsilon;
        public float* Linear, Bias, NormScale, NormShift, HiddenWeight, HiddenBias, OutputWeight;
        public float OutputBias;
        public float* DegreeScale;
    }

    // gmt_path_queries
    [StructLayout(LayoutKind.Sequential)]
    private struct PathQueries
    {
        public long Count;
        public int* Sources;
        public float* Vectors;
        public int* Answers;
        public long* RemovedOffsets;
        public int* RemovedEdges;
        public int MostNewNodes;
    }
}

using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>What a fuzzer feeds: bytes are a graph and an order of its relations, for which native and managed code must agree.</summary>
internal static class EdgeStateFuzz
{
    private const int HeaderLength = 4, MostRelations = 24, MostEntities = 48, LargestTopK = 12;

    /// <summary>Reads a graph from bytes and searches it both ways, twice under different orders of the relations.</summary>
    /// <param name="input">
    /// Relations, entities, top-k and whether inverse relations are added, a byte each; two bytes for each relation, from which its order
    /// follows, with ties where bytes repeat; then triples of three bytes. Numbers that are too large wrap around.
    /// </param>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    /// <exception cref="NotSupportedException">There are no native kernels.</exception>
    public static void Compare(byte[] input)
    {
        TorchRuntime.EnsureLoaded();
        if (!NativeKernels.IsAvailable)
        {
            throw new NotSupportedException("The native kernels are not there; there is nothing to compare.");
        }

        if (input.Length < HeaderLength)
        {
            return;
        }

        (int relations, int entities, int topK) = (1 + input[0] % MostRelations, 1 + input[1] % MostEntities, 1 + input[2] % LargestTopK);
        bool addInverse = input[3] % 2 == 1;
        int edgeRelations = addInverse ? 2 * relations : relations;
        byte[] orders = [.. input.Skip(HeaderLength).Take(2 * edgeRelations)];
        Array.Resize(ref orders, 2 * edgeRelations);
        Triple[] triples =
        [
            .. input.Skip(HeaderLength + orders.Length).Chunk(3).Where(part => part.Length == 3)
                .Select(part => new Triple(part[0] % entities, part[1] % relations, part[2] % entities)),
        ];
        Compare(Adjacency.Build(triples, entities, relations, addInverse), edgeRelations, topK, orders, [.. orders.Reverse()]);
    }

    private static void Compare(Adjacency adjacency, int relations, int topK, params byte[][] orders)
    {
        var managed = new EdgeStateSearch(adjacency, relations, topK);
        NativeKernels.TryIndexGraph(
            relations, topK, adjacency.Offsets, adjacency.Relations, adjacency.Neighbors, out NativeGraphIndex? index);
        using (index)
        {
            foreach (byte[] order in orders)
            {
                using DisposeScope scope = NewDisposeScope();
                RelationRanks ranks = RelationRanks.Of(tensor(order, [relations, 2]).to_type(ScalarType.Float32) - 128);
                (EdgeStateList states, int[] edgeState) = managed.Find(ranks);
                NativeEdgeStates native = index!.FindEdgeStates(ranks.Ranks);
                Expect(edgeState.AsSpan().SequenceEqual(native.EdgeState), "states of edges");
                Expect(states.Relations.AsSpan().SequenceEqual(native.Relations), "relations of states");
                Expect(states.Contexts.AsSpan().SequenceEqual(native.Contexts), "contexts of states");
            }
        }
    }

    private static void Expect(bool equal, string what)
    {
        if (!equal)
        {
            throw new InvalidOperationException($"Native and managed code find different {what}.");
        }
    }
}

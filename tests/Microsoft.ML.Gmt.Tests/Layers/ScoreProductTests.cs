using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Layers;

[TestClass]
public sealed class ScoreProductTests
{
    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(3, 7, 5)]
    [DataRow(64, 130, 33)]
    public void It_is_the_matrix_product_and_nothing_beside_it_is_written(int queries, int candidates, int width)
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(3);
        Tensor asked = randn([queries, 2 * width], generator: generator).narrow(1, 1, width);   // a view, not contiguous
        Tensor entities = randn([candidates, width], generator: generator, requires_grad: true);
        float[] room = [.. Enumerable.Repeat(float.NaN, (queries * candidates) + 4)];
        ScoreProduct.Write(asked, entities, room.AsMemory(2, queries * candidates));
        Assert.IsTrue(room[..2].Concat(room[^2..]).All(float.IsNaN));
        Tensor expected = asked.to(ScalarType.Float64).mm(entities.detach().to(ScalarType.Float64).t());
        Tensor written = tensor(room[2..^2]).view(queries, candidates).to(ScalarType.Float64);
        Assert.IsLessThan(1e-4, (expected - written).abs().max().item<double>());
    }

    [TestMethod]
    public void The_bits_do_not_depend_on_where_the_scores_are_written()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(4);
        foreach ((int queries, int candidates, int width) in new[] { (1, 50, 16), (6, 48, 8), (12, 130, 32), (200, 500, 256) })
        {
            Tensor asked = randn([queries, width], generator: generator), entities = randn([candidates, width], generator: generator);
            float[] expected = asked.mm(entities.t()).contiguous().data<float>().ToArray();
            float[] room = GC.AllocateUninitializedArray<float>(expected.Length + 32, pinned: true);
            for (int start = 0; start < 32; start++)
            {
                ScoreProduct.Write(asked, entities, room.AsMemory(start, expected.Length));
                CollectionAssert.AreEqual(expected, room[start..(start + expected.Length)], $"{queries} queries, from {start}");
            }
        }
    }

    [TestMethod]
    public void Other_types_are_computed_as_they_are_and_rounded_at_the_end()
    {
        using var scope = NewDisposeScope();
        Tensor asked = tensor([1e10, 1, -1e10]).view(1, 3), entities = ones([2, 3], ScalarType.Float64);
        float[] room = new float[2];
        ScoreProduct.Write(asked, entities, room);
        CollectionAssert.AreEqual(new[] { 1f, 1f }, room);
    }
}

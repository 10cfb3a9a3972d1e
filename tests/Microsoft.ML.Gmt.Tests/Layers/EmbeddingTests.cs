using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Layers;

[TestClass]
public sealed class EmbeddingTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext context) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Each_id_has_its_row_and_only_rows_that_are_looked_up_have_a_gradient()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(1);
        using Embedding embedding = new(new GeneratorParameters(generator), "words", rows: 6, size: 4);
        Tensor ids = tensor(new long[] { 5, 0, 2, 2, 5, 5 }, [2, 3]);   // [batch, query]
        Tensor rows = embedding.call(ids);
        Near.Absolute(embedding.Weight[ids], rows, 0, "rows");
        rows.sum().backward();
        Near.Absolute(tensor(new float[] { 1, 0, 2, 0, 0, 3 }).unsqueeze(1).expand(6, 4), embedding.Weight.grad!, 0, "gradient");
    }
}

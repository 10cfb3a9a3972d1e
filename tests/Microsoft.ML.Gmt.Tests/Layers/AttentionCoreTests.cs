using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Microsoft.ML.Gmt.Tests.Layers;

[TestClass]
public sealed class AttentionCoreTests
{
    private const int Batch = 2, HeadSize = 8;

    [ClassInitialize]
    public static void LoadTorch(TestContext context) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Heads_are_neighboring_channels_and_joining_undoes_splitting()
    {
        using var scope = NewDisposeScope();
        Tensor projected = arange(Batch * 3 * 4 * HeadSize, ScalarType.Float32).view(Batch, 3, 4 * HeadSize);
        Tensor heads = AttentionCore.SplitHeads(projected, 4);
        CollectionAssert.AreEqual(new long[] { Batch, 4, 3, HeadSize }, heads.shape);
        Near.Absolute(projected[1, 2].narrow(0, 3 * HeadSize, HeadSize), heads[1, 3, 2], 0, "the last head of the last token");
        Near.Absolute(projected, AttentionCore.JoinHeads(heads), 0, "joined");
    }

    [TestMethod]
    [DataRow(4, 1, DisplayName = "one query, a key/value head for each head")]
    [DataRow(2, 1, DisplayName = "one query, shared key/value heads")]
    [DataRow(4, 5, DisplayName = "many queries, a key/value head for each head")]
    [DataRow(1, 5, DisplayName = "many queries, one key/value head for all")]
    public void Attending_is_what_torch_computes_with_shared_heads_repeated(int shared, int queries)
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(1);
        (Tensor query, Tensor key, Tensor value) = Inputs(generator, shared, queries, keys: 6);
        Tensor mask = randn([Batch, 1, queries, 6], generator: generator);
        Tensor allKeys = key.repeat_interleave(4 / shared, 1), allValues = value.repeat_interleave(4 / shared, 1);
        Check(null, "without a mask");
        Check(mask, "with a mask");
        Check(mask.narrow(0, 0, 1), "with a mask for all rows");

        void Check(Tensor? by, string what)
        {
            Tensor expected = F.scaled_dot_product_attention(query, allKeys, allValues, by);
            Near.Absolute(expected, AttentionCore.Attend(query, key, value, by), 1e-6, what);
        }
    }

    [TestMethod]
    public void A_causal_query_sees_no_later_key()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(1);
        (Tensor query, Tensor key, Tensor value) = Inputs(generator, shared: 2, queries: 5, keys: 5);
        Tensor whole = AttentionCore.Attend(query, key, value, causal: true);
        for (int last = 0; last < 5; last++)
        {
            Tensor alone = AttentionCore.Attend(query.narrow(2, last, 1), key.narrow(2, 0, last + 1), value.narrow(2, 0, last + 1));
            Near.Absolute(alone, whole.narrow(2, last, 1), 1e-6, $"query {last}");
        }
    }

    [TestMethod]
    public void Written_out_it_is_what_the_fused_operator_computes_gradients_included()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(1);
        (Tensor query, Tensor key, Tensor value) = Inputs(generator, shared: 4, queries: 3, keys: 6);
        Tensor bias = randn([Batch, 1, 1, 6], generator: generator), towards = randn([Batch, 4, 3, HeadSize], generator: generator);
        Tensor[] inputs = [query.requires_grad_(), key.requires_grad_(), value.requires_grad_()];
        Tensor scores = AttentionCore.Scores(query, key) * AttentionCore.Scale(HeadSize);
        Tensor weights = AttentionCore.Weights(scores, bias);   // [batch, heads, query, key]
        Near.Absolute(ones(Batch, 4, 3), weights.sum(-1), 1e-6, "sum of the weights");
        Tensor written = weights.matmul(value), fused = AttentionCore.Attend(query, key, value, bias.expand(-1, -1, 3, -1));
        Near.Absolute(fused, written, 1e-6, "output");
        IList<Tensor> ofWritten = autograd.grad([(written * towards).sum()], inputs);
        IList<Tensor> ofFused = autograd.grad([(fused * towards).sum()], inputs);
        for (int input = 0; input < inputs.Length; input++)
        {
            Near.Absolute(ofFused[input], ofWritten[input], 1e-5, $"gradient {input}");
        }
    }

    private static (Tensor Query, Tensor Key, Tensor Value) Inputs(Generator generator, int shared, int queries, int keys) =>
        (randn([Batch, 4, queries, HeadSize], generator: generator),
            randn([Batch, shared, keys, HeadSize], generator: generator), randn([Batch, shared, keys, HeadSize], generator: generator));
}

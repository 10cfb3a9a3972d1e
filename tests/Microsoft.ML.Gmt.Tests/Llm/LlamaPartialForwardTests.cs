using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Llm;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LlamaPartialForwardTests
{
    // Other shapes take other kernels: a few rounding errors of logits of absolute value up to 30.
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void Layers_run_in_parts_and_logits_at_chosen_positions_equal_the_whole_pass()
    {
        using LlamaModel model = TinyLlama.Create();
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.PadLeft([TinyLlama.Prompt(9, 1), TinyLlama.Prompt(4, 2)]);
        Tensor whole = model.Forward(batch.InputIds, batch.AttentionMask); // [2, 9, vocabulary]
        AttentionContext context = model.CreateContext(batch.InputIds, batch.AttentionMask);
        Tensor lower = model.RunLayers(model.Embed(batch.InputIds), context, 0, 1);
        Tensor attended = model.Layers[1].Attend(lower, context);
        Tensor middle = model.Layers[1].FeedForward(attended);
        Tensor upper = model.RunLayers(middle, context, 2);
        long[] positions = [3, 8, 14, 17];
        Tensor chosen = model.LogitsAt(upper, tensor(positions));
        Tensor expected = whole.reshape(18, -1).index_select(0, tensor(positions));
        AssertEqual(expected, chosen);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_last_layer_for_the_last_tokens_only_equals_the_whole_pass_there(bool padded)
    {
        using LlamaModel model = TinyLlama.Create();
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.PadLeft([TinyLlama.Prompt(9, 1), TinyLlama.Prompt(padded ? 4 : 9, 2)]);
        Tensor whole = model.Forward(batch.InputIds, batch.AttentionMask);
        foreach (long count in new long[] { 1, 3, 9 })
        {
            AttentionContext context = model.CreateContext(batch.InputIds, batch.AttentionMask);
            Tensor hidden = model.RunLayers(model.Embed(batch.InputIds), context, keepLast: count);
            AssertValid(whole.narrow(1, 9 - count, count), model.Logits(model.FinalNorm(hidden)), batch.Lengths);
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.RunLayers(
            model.Embed(batch.InputIds), model.CreateContext(batch.InputIds), keepLast: 10));

        static void AssertValid(Tensor expected, Tensor actual, IReadOnlyList<int> lengths)
        {
            for (int row = 0; row < lengths.Count; row++)
            {
                long valid = Math.Min(lengths[row], expected.size(1));
                AssertEqual(expected[row].narrow(0, expected.size(1) - valid, valid), actual[row].narrow(0, actual.size(1) - valid, valid));
            }
        }
    }

    [TestMethod]
    public void A_hook_sees_every_layer_in_order_and_its_result_goes_on()
    {
        using LlamaModel model = TinyLlama.Create();
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor ids = TinyLlama.Row(TinyLlama.Prompt(5, 1));
        List<int> seen = [];
        Tensor untouched = model.Forward(ids, hook: (layer, hidden, _) =>
        {
            seen.Add(layer);
            return hidden;
        });
        CollectionAssert.AreEqual((int[])[0, 1, 2], seen);
        AssertEqual(model.Forward(ids), untouched, 0);

        // Zeroing the stream before the last feed-forward leaves nothing: all logits are zero.
        Tensor emptied = model.Forward(ids, hook: (layer, hidden, _) => layer == 2 ? zeros_like(hidden) : hidden);
        AssertEqual(zeros_like(emptied), emptied, 0);
    }

    [TestMethod]
    public void Text_read_in_pieces_through_the_cache_equals_text_read_at_once()
    {
        using IDisposable thread = TinyLlama.OneThread();
        using LlamaModel model = TinyLlama.Create();
        Gen<(int[] Lengths, int[] Cuts)> cases = from lengths in Gen.Choose(1, 30).ArrayOf(3)
                                                 from cuts in Gen.Choose(1, 12).ArrayOf(40)
                                                 select (lengths, cuts);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(Arb.From(cases), test =>
        {
            using IDisposable inference = no_grad();
            using DisposeScope scope = NewDisposeScope();
            TokenBatch batch = TokenBatch.PadLeft([.. test.Lengths.Select((length, row) => TinyLlama.Prompt(length, row))]);
            Tensor whole = model.Forward(batch.InputIds, batch.AttentionMask);
            using KeyValueCache cache = new(model.Config.LayerCount, capacity: 1);
            long read = 0;
            foreach (int cut in test.Cuts)
            {
                long count = Math.Min(cut, batch.InputIds.size(1) - read);
                if (count == 0)
                {
                    break;
                }

                Tensor piece = batch.InputIds.narrow(1, read, count);
                Tensor? mask = batch.AttentionMask?.narrow(1, read, count);
                Tensor logits = model.NextLogits(piece, mask, cache);
                read += count;
                for (int row = 0; row < test.Lengths.Length; row++)
                {
                    // A piece that is still all padding in this row has no meaning.
                    if (batch.InputIds.size(1) - read < test.Lengths[row])
                    {
                        AssertEqual(whole[row, read - 1], logits[row]);
                    }
                }
            }

            Assert.AreEqual(batch.InputIds.size(1), cache.Length);
        }));
    }

    [TestMethod]
    public void A_cache_refuses_tensors_with_gradients()
    {
        using LlamaModel model = TinyLlama.Create();
        using KeyValueCache cache = new(model.Config.LayerCount);
        using Tensor ids = TinyLlama.Row([4, 5]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => model.NextLogits(ids, null, cache)).Message, "no_grad");
    }

    [TestMethod]
    public void A_mask_of_another_shape_is_refused()
    {
        using LlamaModel model = TinyLlama.Create();
        using Tensor ids = TinyLlama.Row([4, 5, 6]);
        using Tensor mask = ones([1, 2], dtype: ScalarType.Int64);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => model.CreateContext(ids, mask)).Message, "[1, 2]");
    }

    private static void AssertEqual(Tensor expected, Tensor actual, double tolerance = Tolerance)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        Assert.IsLessThanOrEqualTo(tolerance, (expected - actual).abs().max().item<float>());
    }
}

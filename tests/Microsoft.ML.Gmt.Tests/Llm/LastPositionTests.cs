using Microsoft.ML.Gmt.Llm;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LastPositionTests
{
    private const int Positions = 20;

    [TestMethod]
    public void Each_row_ends_at_the_last_position_whatever_rows_stand_beside_it()
    {
        using LlamaModel model = TinyLlama.Create(TinyLlama.Config with { MaxPositions = Positions });
        var decoder = new GreedyDecoder(model, new GreedyOptions { MaxNewTokens = int.MaxValue / 4096, StopAtEndOfSequence = false });
        int[][] prompts = [.. new[] { 3, 17, Positions, Positions + 5 }.Select(length => TinyLlama.Prompt(length, seed: length))];
        IReadOnlyList<IReadOnlyList<int>> together = decoder.Generate(prompts);
        CollectionAssert.AreEqual(new[] { 17, 3, 0, 0 }, together.Select(tokens => tokens.Count).ToArray());
        for (int row = 0; row < prompts.Length; row++)
        {
            CollectionAssert.AreEqual(decoder.Generate([prompts[row]])[0].ToArray(), together[row].ToArray());
        }
    }

    [TestMethod]
    public void The_reference_goes_on_past_the_last_position()
    {
        using LlamaModel model = TinyLlama.Create(TinyLlama.Config with { MaxPositions = Positions });
        var options = new GreedyOptions { MaxNewTokens = 30, StopAtEndOfSequence = false, StopAtLastPosition = false };
        var decoder = new GreedyDecoder(model, options);
        Assert.HasCount(30, decoder.Generate([TinyLlama.Prompt(3, seed: 1)])[0]);
    }
}

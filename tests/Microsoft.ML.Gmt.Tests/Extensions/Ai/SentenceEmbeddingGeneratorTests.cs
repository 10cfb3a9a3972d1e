using Microsoft.Extensions.AI;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Extensions;
using Microsoft.ML.Gmt.Tests.Text;

namespace Microsoft.ML.Gmt.Tests.Extensions;

[TestClass]
public sealed class SentenceEmbeddingGeneratorTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public async Task Its_vectors_are_those_of_the_transformer_with_tokens_counted()
    {
        using var folder = new TemporaryFolder();
        string model = TinySentenceModel.Write(folder["tiny-model"]);
        string[] texts = [.. Enumerable.Range(0, 70).Select(i => new string((char)('a' + (i % 26)), 1 + (i % 40))), ""];
        IDataView rows = Ml.Data.LoadFromEnumerable(texts.Select(text => new { Title = text }));
        using SentenceEmbeddingTransformer transformer = Ml.Transforms.Text.EmbedSentences("Vector", model, "Title").Fit(rows);
        float[][] expected = [.. transformer.Transform(rows).GetColumn<float[]>("Vector")];
        using var generator = SentenceEmbeddingGenerator.Load(Ml, model);
        GeneratedEmbeddings<Embedding<float>> found = await generator.GenerateAsync(texts);
        using var ofTransformer = new SentenceEmbeddingGenerator(Ml, transformer, "named");
        GeneratedEmbeddings<Embedding<float>> again = await ofTransformer.GenerateAsync(texts);
        Assert.HasCount(texts.Length, found);
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.IsLessThan(5e-6f, expected[i].Zip(found[i].Vector.ToArray(), (a, b) => Math.Abs(a - b)).Max());
            Assert.IsLessThan(5e-6f, expected[i].Zip(again[i].Vector.ToArray(), (a, b) => Math.Abs(a - b)).Max(), "columns of any name");
        }

        Assert.AreEqual(texts.Sum(transformer.CountTokens), found.Usage!.InputTokenCount);
        Assert.AreEqual(4, transformer.CountTokens("a b"), "two and the two special ones");
        EmbeddingGeneratorMetadata metadata = generator.GetRequiredService<EmbeddingGeneratorMetadata>();
        Assert.AreEqual(("tiny-model", TinySentenceModel.Dimension), (metadata.DefaultModelId, metadata.DefaultModelDimensions!.Value));
        Assert.AreEqual("tiny-model", found[0].ModelId);
        Assert.AreSame(transformer, ofTransformer.GetService(typeof(SentenceEmbeddingTransformer)));
        Assert.AreEqual("named", again[0].ModelId);
    }

    [TestMethod]
    public async Task What_it_is_not_is_refused_and_a_cancelled_call_ends()
    {
        using var folder = new TemporaryFolder();
        using var generator = SentenceEmbeddingGenerator.Load(Ml, TinySentenceModel.Write(folder["model"]));
        StringAssert.Contains(
            (await Assert.ThrowsExactlyAsync<NotSupportedException>(
                () => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 5 }))).Message,
            "The vectors have 8 numbers; 5 were asked for.");
        StringAssert.Contains(
            (await Assert.ThrowsExactlyAsync<NotSupportedException>(
                () => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { ModelId = "other" }))).Message,
            "The model is 'model'; 'other' was asked for.");
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => generator.GenerateAsync(["a"], null, cancellation.Token));
        generator.Dispose();
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => generator.GenerateAsync(["a"]));
    }
}

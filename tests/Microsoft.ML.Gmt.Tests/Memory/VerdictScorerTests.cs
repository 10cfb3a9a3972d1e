using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>Verdicts of a batch in one pass equal those that whole forward passes of single rows give.</summary>
[TestClass]
public sealed class VerdictScorerTests
{
    private static readonly string[] Prompts = ["Is it so?\nAnswer: ", "( a, b, c ) holds, says", "x"];

    private static readonly VerdictAnswers[] Answers =
    [
        new(),
        new() { True = ["True", "true"], False = ["False", "false", "no"] },
        new() { True = ["Trust"], False = ["True"] },
        new() { True = ["the answer is yes", "yes"], False = ["the answer is no"] },
    ];

    [TestMethod]
    [GoldenCases("reference/memory", "outputs.safetensors")]
    public void Equal_to_the_likelihood_of_the_answers(string folder)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using MemoryGolden golden = MemoryGolden.Trained(folder);
        TextTokenizer tokenizer = TokenizerFolder.Load(golden.Beside("tokenizer"));
        Adjacency adjacency = golden.Model.Graph.Adjacency;
        int lonely = Enumerable.Range(0, golden.Model.Graph.Entities.Count).First(
            entity => adjacency.Offsets[entity] == adjacency.Offsets[entity + 1]);
        Triple[] triples = [new Triple(0, 1, 2), new Triple(lonely, 0, lonely), new Triple(3, 0, 3)];
        foreach (VerdictAnswers answers in Answers)
        {
            IReadOnlyList<Verdict> verdicts = new VerdictScorer(golden.Model, tokenizer, answers)
                .Judge(Prompts, golden.Model.CollectEvidence(triples, QueryMask.Full));
            for (int row = 0; row < Prompts.Length; row++)
            {
                Tensor memory = golden.Model.Encoder.Encode(golden.Model.CollectEvidence([triples[row]], QueryMask.Full));
                int[][] trueTexts = Encode(tokenizer, Prompts[row], answers.True);
                int[][] falseTexts = Encode(tokenizer, Prompts[row], answers.False);
                int shared = Shared([.. trueTexts, .. falseTexts]);
                bool beginAlike = trueTexts.Select(text => text[shared]).Intersect(falseTexts.Select(text => text[shared])).Any();
                double Total(int[][] texts) => texts.Select(
                    text => beginAlike ? text : text[..(shared + 1)]).DistinctBy(text => string.Join(' ', text))
                    .Sum(text => Math.Exp(LogLikelihood(golden, memory, text, shared)));
                (double yes, double no) = (Total(trueTexts), Total(falseTexts));
                string what = $"row {row}, '{answers.True[0]}' or '{answers.False[0]}'";
                Assert.AreEqual(yes / (yes + no), verdicts[row].Probability, 1e-5, what);
                Assert.AreEqual(Math.Log(yes), verdicts[row].LogTrue, 1e-4, $"{what}, true");
                Assert.AreEqual(Math.Log(no), verdicts[row].LogFalse, 1e-4, $"{what}, false");
            }
        }
    }

    [TestMethod]
    [GoldenCases("reference/memory", "outputs.safetensors")]
    public void Answers_that_are_one_text_are_refused(string folder)
    {
        using MemoryGolden golden = MemoryGolden.Trained(folder);
        TextTokenizer tokenizer = TokenizerFolder.Load(golden.Beside("tokenizer"));
        foreach (VerdictAnswers answers in new VerdictAnswers[] { new() { True = [] }, new() { False = ["True"] }, new() { True = [""] } })
        {
            Assert.ThrowsExactly<ArgumentException>(() => new VerdictScorer(golden.Model, tokenizer, answers));
        }
    }

    private static int[][] Encode(TextTokenizer tokenizer, string prompt, IEnumerable<string> answers) =>
        [.. answers.Select(answer => tokenizer.Encode(prompt + answer).ToArray())];

    private static int Shared(int[][] texts) =>
        Enumerable.Range(0, texts.Min(text => text.Length) - 1).TakeWhile(
            place => texts.All(text => text[place] == texts[0][place])).Count();

    private static double LogLikelihood(MemoryGolden golden, Tensor memory, int[] text, int start)
    {
        using var scope = NewDisposeScope();
        Tensor ids = tensor(text.Select(id => (long)id).ToArray()).unsqueeze(0);
        Tensor logs = golden.Model.Forward(ids, null, memory).log_softmax(-1);
        return Enumerable.Range(start, text.Length - start).Sum(place => logs[0, place - 1, text[place]].item<float>());
    }
}

using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Examples.TinyLlama;

/// <summary>What a trained model knows of triples that it did not read.</summary>
internal sealed class Measurements(LlamaModel model, TextTokenizer tokenizer, KnowledgeGraph graph)
{
    private const int TokensInBatch = 8192;

    private readonly Phrases _phrases = new(graph);

    /// <summary>Perplexity a token of facts stated as tuples: exp of the mean negative log-likelihood.</summary>
    public double Perplexity(IEnumerable<Triple> facts)
    {
        using var noGradient = no_grad();
        int[][] rows = [.. TokenRows.Encode(tokenizer, facts.Select(fact => Phrases.Tuple(_phrases.Of(fact)))).OrderBy(row => row.Length)];
        double sum = 0;
        long tokens = 0;
        foreach (TokenBatch batch in TokenRows.Cut(rows, TokensInBatch))
        {
            using DisposeScope scope = NewDisposeScope();
            sum += NextTokenLoss.Of(model, batch).sum().item<float>();
            tokens += batch.Targets.Length;
        }

        return Math.Exp(sum / tokens);
    }

    /// <summary>The log-odds of True against False as answer to the question whether each triple holds.</summary>
    public double[] Verdicts(IReadOnlyList<Triple> triples)
    {
        using var noGradient = no_grad();
        int yes = AnswerId(Phrases.True);
        int no = AnswerId(Phrases.False);
        double[] odds = new double[triples.Count];
        var questions = triples.Select((triple, index) => (Ids: tokenizer.Encode(Phrases.Question(_phrases.Of(triple))), index));
        foreach (var length in questions.GroupBy(question => question.Ids.Count))
        {
            foreach (var rows in length.Chunk(Math.Max(1, TokensInBatch / length.Key)))
            {
                using DisposeScope scope = NewDisposeScope();
                long[] tokens = [.. rows.SelectMany(row => row.Ids)];
                Tensor ids = tensor(tokens, [rows.Length, length.Key], dtype: ScalarType.Int64);
                Tensor logits = model.NextLogits(ids);                                         // [rows, vocabulary]
                float[] values = [.. (logits.select(1, yes) - logits.select(1, no)).data<float>()];
                for (int row = 0; row < rows.Length; row++)
                {
                    odds[rows[row].index] = values[row];
                }
            }
        }

        return odds;
    }

    /// <summary>Share of right verdicts, and area under the ROC curve, on true and false triples.</summary>
    public (double Accuracy, double AreaUnderCurve) Judge(IReadOnlyList<Triple> positives, IReadOnlyList<Triple> negatives)
    {
        double[] yes = Verdicts(positives);
        double[] no = [.. Verdicts(negatives).Order()];
        double accuracy = (yes.Count(odds => odds > 0) + no.Count(odds => odds <= 0)) / (double)(yes.Length + no.Length);
        return (accuracy, yes.Average(odds => ShareBelow(no, odds)));
    }

    // Ties count half.
    private static double ShareBelow(double[] sorted, double value)
    {
        int below = sorted.Count(other => other < value);
        int equal = sorted.Count(other => other.Equals(value));
        return (below + (equal / 2.0)) / sorted.Length;
    }

    private int AnswerId(string answer) => tokenizer.Encode(answer, addSpecialTokens: false) is [int id]
        ? id
        : throw new InvalidOperationException($"'{answer}' is more than one token; give the vocabulary more tokens.");
}

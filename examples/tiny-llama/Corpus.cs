using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Examples.TinyLlama;

/// <summary>
/// What the model reads: each training fact as two sentences, the definitions of entities, and for some facts the question for a verdict as
/// a model is asked it later, with a false triple beside each true one. Equal input gives equal sentences.
/// </summary>
/// <param name="Sentences">The sentences in the order of the graph.</param>
/// <param name="HeldOutFacts">Training facts that no sentence states; the trained model is measured on them.</param>
/// <param name="HeldOutNegatives">A false triple for each of them.</param>
/// <param name="LeftOut">How many sentences were left out because they hold both names of a validation or test fact.</param>
internal sealed record Corpus(
    IReadOnlyList<string> Sentences, IReadOnlyList<Triple> HeldOutFacts, IReadOnlyList<Triple> HeldOutNegatives, int LeftOut)
{
    private const double HeldOutShare = 0.02;
    private const double QuestionShare = 0.1;

    public static Corpus Build(KnowledgeGraph graph, int seed)
    {
        Triple[] facts = [.. graph.Triples(GraphSplit.Train)];
        RandomStreams streams = new(seed);
        CounterRandom random = streams.Stream("corpus");
        TypedNegatives negatives = new(facts);
        Phrases phrases = new(graph);
        List<string> sentences = [];
        List<Triple> heldOut = [];
        List<Triple> heldOutNegatives = [];
        foreach (Triple fact in facts)
        {
            Triple? negative = negatives.Corrupt(fact, ref random);
            double draw = random.NextDouble();
            if (draw < HeldOutShare)
            {
                heldOut.Add(fact);
                heldOutNegatives.AddRange(negative is { } one ? [one] : []);
                continue;
            }

            sentences.Add(Phrases.Tuple(phrases.Of(fact)));
            sentences.Add(Phrases.Backward(phrases.Of(fact)));
            if (draw < HeldOutShare + QuestionShare)
            {
                sentences.Add(Phrases.Question(phrases.Of(fact)) + Phrases.True);
                sentences.AddRange(negative is { } other ? [Phrases.Question(phrases.Of(other)) + Phrases.False] : []);
            }
        }

        sentences.AddRange(phrases.Definitions());
        HeldOutNames judged = new(graph);
        string[] kept = [.. sentences.Where(sentence => !judged.AreIn(sentence))];
        return new Corpus(kept, heldOut, heldOutNegatives, sentences.Count - kept.Length);
    }
}

using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Divides the training triples of a graph into training, validation and test, so that every entity and every relation of a triple that is
/// held out still has a training triple: nothing can be learned of a name that training never sees.
/// </summary>
/// <remarks>
/// The distinct triples are visited in random order; one is held out where its head, its tail and its relation each have another triple
/// left. This ends when enough are held out or every triple was seen, so the time is linear in the triples. What is held out is shuffled
/// before it is dealt to validation and test: triples held out late have better known entities. Copies of a triple stay together.
/// </remarks>
internal sealed class CoveringSplit
{
    private readonly KnowledgeGraph _graph;
    private readonly GraphDivision _division;
    private readonly int[] _ofEntity;
    private readonly int[] _ofRelation;

    private CoveringSplit(KnowledgeGraph graph, GraphDivision division)
    {
        (_graph, _division) = (graph, division);
        (_ofEntity, _ofRelation) = (new int[graph.Entities.Count], new int[graph.Relations.Count]);
    }

    /// <summary>The content of the graph, divided.</summary>
    /// <exception cref="InvalidOperationException">
    /// There is nothing that can be held out, or a split that is asked for is there already.
    /// </exception>
    public static GraphContent Divide(KnowledgeGraph graph, GraphDivision division)
    {
        RefuseExisting(graph, GraphSplit.Validation, division.ValidationFraction);
        RefuseExisting(graph, GraphSplit.Test, division.TestFraction);
        return division.HoldsOut ? new CoveringSplit(graph, division).Divide() : graph.Content;
    }

    private GraphContent Divide()
    {
        var random = new RandomStreams(_division.Seed);
        Dictionary<Triple, GraphSplit> heldOut = HoldOut(random.Stream("split-triples"), random.Stream("split-deal"));
        GraphContent content = _graph.Content;
        return content with
        {
            Triples = Deal(content.Triples, triple => heldOut.GetValueOrDefault(triple, GraphSplit.Train)),
            Negatives = Deal(content.Negatives, Negatives(random.Stream("split-negatives"))),
        };
    }

    private Dictionary<Triple, GraphSplit> HoldOut(CounterRandom order, CounterRandom deal)
    {
        Triple[] triples = [.. _graph.TripleMemory(GraphSplit.Train).ToArray().Distinct()];
        (int validation, int test) = (Wanted(_division.ValidationFraction, triples.Length), Wanted(_division.TestFraction, triples.Length));
        foreach (Triple triple in triples)
        {
            Count(triple, 1);
        }

        order.Shuffle(triples.AsSpan());
        List<Triple> held = [];
        foreach (Triple triple in triples)
        {
            if (held.Count == validation + test)
            {
                break;
            }

            Count(triple, -1);
            if (IsCovered(triple))
            {
                held.Add(triple);
            }
            else
            {
                Count(triple, 1);
            }
        }

        int least = (validation > 0 ? 1 : 0) + (test > 0 ? 1 : 0);
        if (held.Count < least)
        {
            throw NothingToHoldOut(triples.Length, held.Count, least);
        }

        deal.Shuffle(CollectionsMarshal.AsSpan(held));

        // Where fewer than wanted can be held out, both get their share of what there is, and none of those asked for gets nothing.
        double share = (double)validation / (validation + test);
        int first = Math.Clamp((int)Math.Round(held.Count * share), validation > 0 ? 1 : 0, held.Count - (test > 0 ? 1 : 0));
        return held.Select((triple, i) => (triple, i)).ToDictionary(
            pair => pair.triple, pair => pair.i < first ? GraphSplit.Validation : GraphSplit.Test);
    }

    /// <summary>Whether the names of a triple have training triples.</summary>
    private bool IsCovered(Triple triple) =>
        _ofEntity[triple.Head] > 0 && _ofEntity[triple.Tail] > 0 && _ofRelation[triple.Relation] > 0;

    /// <summary>
    /// Decides for each labeled negative of the training split where it goes: anywhere, if its names have training triples.
    /// </summary>
    private Func<Triple, GraphSplit> Negatives(CounterRandom random)
    {
        Dictionary<Triple, GraphSplit> known = [];
        return triple =>
        {
            if (!known.TryGetValue(triple, out GraphSplit split))
            {
                double drawn = random.NextDouble();
                split = !IsCovered(triple) ? GraphSplit.Train
                    : drawn < _division.ValidationFraction ? GraphSplit.Validation
                    : drawn < _division.ValidationFraction + _division.TestFraction ? GraphSplit.Test
                    : GraphSplit.Train;
                known.Add(triple, split);
            }

            return split;
        };
    }

    /// <summary>The triples by split: those of training dealt anew in their order, the others as they were.</summary>
    private static Triple[][] Deal(Triple[][] triples, Func<Triple, GraphSplit> splitOf)
    {
        List<Triple>[] dealt = [[], [.. triples[(int)GraphSplit.Validation]], [.. triples[(int)GraphSplit.Test]]];
        foreach (Triple triple in triples[(int)GraphSplit.Train])
        {
            dealt[(int)splitOf(triple)].Add(triple);
        }

        return [.. dealt.Select(split => split.ToArray())];
    }

    private void Count(Triple triple, int change)
    {
        _ofRelation[triple.Relation] += change;
        _ofEntity[triple.Head] += change;
        _ofEntity[triple.Tail] += triple.Tail == triple.Head ? 0 : change; // a loop is one triple of its entity
    }

    private static int Wanted(double fraction, int triples) => fraction > 0 ? Math.Max(1, (int)Math.Round(fraction * triples)) : 0;

    private static void RefuseExisting(KnowledgeGraph graph, GraphSplit split, double fraction)
    {
        int triples = graph.Triples(split).Length, negatives = graph.Negatives(split).Length;
        if (fraction > 0 && triples + negatives > 0)
        {
            string name = split == GraphSplit.Validation ? "validation" : "test";
            throw new InvalidOperationException(
                $"The graph has {triples + negatives:N0} {name} triples already; give 0 as the {name} fraction to keep them, or "
                + "load the training file alone.");
        }
    }

    private static InvalidOperationException NothingToHoldOut(int triples, int held, int least) => new(
        $"Of {triples:N0} distinct triples {(held == 0 ? "none" : $"only {held}")} can be held out, and {least} must be: every "
        + "other one is the only triple of its head, its tail or its relation, of which nothing would be left to learn from. Add triples, "
        + "or keep all of them for training (fractions of 0).");
}

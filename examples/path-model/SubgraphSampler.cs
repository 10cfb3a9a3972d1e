using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Examples.PathModel;

/// <summary>
/// Draws subgraphs of many sizes and densities: entities by random expansion from one of them, some of the relations among these, some of
/// the facts. A model that learns on them meets another graph of relations in every step.
/// </summary>
/// <param name="source">What is drawn from.</param>
/// <param name="options">What is drawn.</param>
internal sealed class SubgraphSampler(SourceGraph source, SamplerOptions options)
{
    private const int FewestFacts = 60;

    /// <summary>A subgraph that has held-out facts.</summary>
    public Subgraph Draw(ref CounterRandom random)
    {
        while (true)
        {
            List<Triple> facts = Induced(Expand(ref random));
            Choose(facts, ref random);
            if (facts.Count >= FewestFacts && Divide(facts, ref random) is { HeldOut.Length: > 0 } subgraph)
            {
                return subgraph;
            }
        }
    }

    /// <summary>Entities reached from a random triple's end, each of which brings in no more than some of its neighbors.</summary>
    private HashSet<int> Expand(ref CounterRandom random)
    {
        int wanted = Math.Min(LogUniform(options.FewestEntities, options.MostEntities, ref random), source.EntityCount);
        int most = LogUniform(options.FewestNeighbors, options.MostNeighbors, ref random);
        HashSet<int> reached = [];
        Queue<int> open = new();
        for (int attempts = 0; reached.Count < wanted && attempts < wanted; attempts++)
        {
            if (open.Count == 0)
            {
                Reach(source.Triples[random.Next(source.Triples.Length)].Head);
                continue;
            }

            int entity = open.Dequeue();
            ReadOnlySpan<int> touching = source.Touching(entity);
            for (int i = 0; i < most && i < touching.Length && reached.Count < wanted; i++)
            {
                // With replacement where there are more than are taken, so hubs cost no more than others.
                Triple triple = source.Triples[touching[touching.Length > most ? random.Next(touching.Length) : i]];
                Reach(triple.Head == entity ? triple.Tail : triple.Head);
            }
        }

        return reached;

        void Reach(int entity)
        {
            if (reached.Add(entity))
            {
                open.Enqueue(entity);
            }
        }
    }

    private List<Triple> Induced(HashSet<int> entities)
    {
        List<Triple> facts = [];
        foreach (int entity in entities)
        {
            int last = -1;
            foreach (int place in source.Touching(entity))
            {
                Triple triple = source.Triples[place];
                if (triple.Head == entity && place != last && entities.Contains(triple.Tail))
                {
                    facts.Add(triple);
                    last = place;   // a loop touches its entity twice
                }
            }
        }

        return facts;
    }

    /// <summary>Keeps facts of some relations, frequent ones sooner, and a share of these.</summary>
    private void Choose(List<Triple> facts, ref CounterRandom random)
    {
        int most = LogUniform(options.FewestRelations, options.MostRelations, ref random);
        double power = random.NextDouble();   // from all relations alike to each as likely as it has facts
        List<(double Key, int Relation)> keys = [];
        foreach (IGrouping<int, Triple> relation in facts.GroupBy(fact => fact.Relation).OrderBy(relation => relation.Key))
        {
            // The smallest of exponential times at these rates: a draw without replacement by these weights.
            keys.Add((-Math.Log(1 - random.NextDouble()) / Math.Pow(relation.Count(), power), relation.Key));
        }

        HashSet<int> kept = [.. keys.Order().Take(most).Select(key => key.Relation)];
        facts.RemoveAll(fact => !kept.Contains(fact.Relation));
        double share = options.LeastShare + ((1 - options.LeastShare) * random.NextDouble());
        int left = (int)Math.Min(options.MostFacts, share * facts.Count);
        for (int i = 0; i < left; i++)
        {
            int j = i + random.Next(facts.Count - i);
            (facts[i], facts[j]) = (facts[j], facts[i]);
        }

        facts.RemoveRange(left, facts.Count - left);   // what is left stands in random order
    }

    /// <summary>Holds facts out, as far as the others have their entities and relation, and numbers all anew.</summary>
    private Subgraph Divide(List<Triple> facts, ref CounterRandom random)
    {
        double share = options.LeastHeldOut + ((options.MostHeldOut - options.LeastHeldOut) * random.NextDouble());
        int heldOut = Math.Max(1, (int)(share * facts.Count));
        Dictionary<int, int> entities = [], relations = [];
        foreach (Triple fact in facts.Skip(heldOut))
        {
            entities.TryAdd(fact.Head, entities.Count);
            entities.TryAdd(fact.Tail, entities.Count);
            relations.TryAdd(fact.Relation, relations.Count);
        }

        bool[] turned = new bool[relations.Count];
        for (int relation = 0; options.TurnsRelations && relation < turned.Length; relation++)
        {
            turned[relation] = random.Next(2) == 0;
        }

        return new Subgraph(entities.Count, relations.Count, [.. facts.Skip(heldOut).Select(Renumber)], [.. facts.Take(heldOut)
            .Where(fact => entities.ContainsKey(fact.Head) && entities.ContainsKey(fact.Tail) && relations.ContainsKey(fact.Relation))
            .Select(Renumber)]);

        Triple Renumber(Triple fact)
        {
            (int head, int relation, int tail) = (entities[fact.Head], relations[fact.Relation], entities[fact.Tail]);
            return turned[relation] ? new Triple(tail, relation, head) : new Triple(head, relation, tail);
        }
    }

    private static int LogUniform(int least, int most, ref CounterRandom random) =>
        (int)Math.Round(least * Math.Pow((double)most / least, random.NextDouble()));
}

using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Features;

/// <summary>What each slot is defined to be, computed from a set of triples by going through all of them.</summary>
/// <param name="triples">The distinct triples, without those that are hidden.</param>
/// <param name="entities">How many entities there are.</param>
/// <param name="relations">How many relations there are.</param>
internal sealed class NaiveFeatures(IReadOnlySet<Triple> triples, int entities, int relations)
{
    private readonly (int From, int Signed, int To)[] _edges =
    [
        .. triples.Select(triple => (triple.Head, 2 * triple.Relation, triple.Tail)),
        .. triples.Select(triple => (triple.Tail, (2 * triple.Relation) + 1, triple.Head)),
    ];

    private IEnumerable<(int From, int Signed, int To)> Links => _edges.Where(edge => edge.From != edge.To);

    public Dictionary<string, double> Of(Triple query)
    {
        var values = new Dictionary<string, double>();
        Relation(query, values);
        Pair(query, values);
        OneStep(query, values);
        TwoSteps(query, values);
        Side("Head", query.Head, 2 * query.Relation, query.Tail, values);
        Side("Tail", query.Tail, (2 * query.Relation) + 1, query.Head, values);
        return values;
    }

    private static double Ratio(double count, double of) => of == 0 ? 0 : count / of;

    private static double Confidence(double support, double body) => support / (body + 5);

    private bool Has(int from, int signed, int to) =>
        triples.Contains((signed & 1) == 0 ? new Triple(from, signed / 2, to) : new Triple(to, signed / 2, from));

    private void Relation(Triple query, Dictionary<string, double> values)
    {
        Triple[] own = [.. triples.Where(triple => triple.Relation == query.Relation)];
        int heads = own.Select(triple => triple.Head).Distinct().Count(), tails = own.Select(triple => triple.Tail).Distinct().Count();
        values["Relation.Triples"] = own.Length;
        values["Relation.Heads"] = heads;
        values["Relation.Tails"] = tails;
        values["Relation.TailsPerHead"] = Ratio(own.Length, heads);
        values["Relation.HeadsPerTail"] = Ratio(own.Length, tails);
        int symmetric = own.Count(triple => triples.Contains(new Triple(triple.Tail, triple.Relation, triple.Head)));
        values["Relation.Symmetry"] = Ratio(symmetric, own.Length);
    }

    private void Pair(Triple query, Dictionary<string, double> values)
    {
        (int head, int relation, int tail) = query;
        int[] Neighbors(int entity) => [.. Links.Where(edge => edge.From == entity).Select(edge => edge.To).Distinct()];
        int[] common = head == tail ? [] : [.. Neighbors(head).Intersect(Neighbors(tail))];
        values["Pair.Parallel"] = head == tail
            ? 0 : triples.Count(triple => triple.Head == head && triple.Tail == tail && triple.Relation != relation);
        values["Pair.Inverse"] = head == tail ? 0 : triples.Count(triple => triple.Head == tail && triple.Tail == head);
        values["Pair.Reverse"] = head != tail && triples.Contains(new Triple(tail, relation, head)) ? 1 : 0;
        values["Pair.CommonNeighbors"] = common.Length;
        values["Pair.AdamicAdar"] = common.Sum(entity => 1 / Math.Log(1 + _edges.Count(edge => edge.From == entity)));
        values["Pair.Jaccard"] = head == tail ? 0 : Ratio(common.Length, Neighbors(head).Union(Neighbors(tail)).Count());
    }

    private void OneStep(Triple query, Dictionary<string, double> values)
    {
        (int head, int relation, int tail) = query;
        List<(int Support, int Body)> rules = [];
        foreach (int signed in Enumerable.Range(0, 2 * relations))
        {
            if (signed != 2 * relation && head != tail && Has(head, signed, tail))
            {
                (int From, int Signed, int To)[] body = [.. Links.Where(edge => edge.Signed == signed)];
                rules.Add((body.Count(edge => Has(edge.From, 2 * relation, edge.To)), body.Length));
            }
        }

        (int Support, int Body)[] firing = Order(rules.Select(rule => ((long)rule.Support, (long)rule.Body, 1)), out double[] confidences);
        values["Rule1.Confidence1"] = confidences.ElementAtOrDefault(0);
        values["Rule1.Confidence2"] = confidences.ElementAtOrDefault(1);
        values["Rule1.NoisyOr"] = 1 - confidences.Aggregate(1.0, (none, confidence) => none * (1 - confidence));
        values["Rule1.Support"] = firing.FirstOrDefault().Support;
        values["Rule1.Rules"] = firing.Length;
        values["Rule1.WithoutSupport"] = rules.Count - firing.Length;
    }

    private void TwoSteps(Triple query, Dictionary<string, double> values)
    {
        (int head, int relation, int tail) = query;
        List<(long Support, long Body, int Paths)> rules = [];
        for (int type = 0; type < 4 * relations * relations; type++)
        {
            (int first, int second) = Math.DivRem(type, 2 * relations);
            int Paths(int from, int to) => from == to ? 0 : Enumerable.Range(0, entities).Count(
                over => over != from && over != to && Has(from, first, over) && Has(over, second, to));
            if (Paths(head, tail) is int paths and > 0)
            {
                bool Goes((int From, int Signed, int To) edge, (int From, int Signed, int To) next) =>
                    next.Signed == second && next.From == edge.To && !(second == (first ^ 1) && next.To == edge.From);
                long body = Links.Where(edge => edge.Signed == first).Sum(edge => (long)Links.Count(next => Goes(edge, next)));
                long support = triples.Where(triple => triple.Relation == relation).Sum(triple => (long)Paths(triple.Head, triple.Tail));
                rules.Add((support, body, paths));
            }
        }

        (int Support, int Body)[] firing = Order(rules, out double[] confidences);
        values["Rule2.Confidence1"] = confidences.ElementAtOrDefault(0);
        values["Rule2.Confidence2"] = confidences.ElementAtOrDefault(1);
        values["Rule2.Confidence3"] = confidences.ElementAtOrDefault(2);
        values["Rule2.NoisyOr"] = 1 - confidences.Aggregate(1.0, (none, confidence) => none * (1 - confidence));
        values["Rule2.Support"] = firing.FirstOrDefault().Support;
        values["Rule2.Rules"] = firing.Length;
        values["Rule2.WithoutSupport"] = rules.Count - firing.Length;
        values["Rule2.Paths"] = rules.Sum(rule => rule.Paths);
        values["Rule2.MeanConfidence"] =
            Ratio(rules.Sum(rule => rule.Paths * Confidence(rule.Support, rule.Body)), rules.Sum(rule => rule.Paths));
    }

    private static (int Support, int Body)[] Order(IEnumerable<(long Support, long Body, int Paths)> rules, out double[] confidences)
    {
        (long Support, long Body, int Paths)[] firing = [.. rules.Where(rule => rule.Support > 0)
            .OrderByDescending(rule => (float)Confidence(rule.Support, rule.Body)).ThenByDescending(rule => rule.Support)];
        confidences = Array.ConvertAll(firing, rule => Confidence(rule.Support, rule.Body));
        return Array.ConvertAll(firing, rule => ((int)rule.Support, (int)rule.Body));
    }

    private void Side(string side, int entity, int signed, int other, Dictionary<string, double> values)
    {
        (int From, int Signed, int To)[] own = [.. _edges.Where(edge => edge.From == entity)];
        int all = triples.Count(triple => triple.Relation == signed / 2);
        int answers = own.Count(edge => edge.Signed == signed);
        values[$"{side}.Degree"] = own.Length;
        values[$"{side}.AsHead"] = triples.Count(triple => triple.Head == entity);
        values[$"{side}.AsTail"] = triples.Count(triple => triple.Tail == entity);
        values[$"{side}.Relations"] = own.Select(edge => edge.Signed).Distinct().Count();
        values[$"{side}.Answers"] = answers;
        values[$"{side}.ReverseAnswers"] = own.Count(edge => edge.Signed == (signed ^ 1));
        values[$"{side}.Popularity"] = Ratio(answers, all);
        values[$"{side}.Saturation"] = Ratio(
            answers, Ratio(all, _edges.Where(edge => edge.Signed == signed).Select(edge => edge.From).Distinct().Count()));
        Items(side, entity, signed, other, own, values);
        Kinds(side, signed, own, values);
    }

    private void Items(
        string side, int entity, int signed, int other, (int From, int Signed, int To)[] own, Dictionary<string, double> values)
    {
        HashSet<int> target = [.. Enumerable.Range(0, entities).Where(candidate => candidate != entity && Has(candidate, signed, other))];
        List<(int Both, double Lift, double Confidence)> items = [];
        foreach ((_, int relation, int neighbor) in own.Where(edge => (edge.Signed, edge.To) != (signed, other)))
        {
            int[] having =
                [.. Enumerable.Range(0, entities).Where(candidate => candidate != entity && Has(candidate, relation, neighbor))];
            int both = having.Count(target.Contains);
            double lift = both == 0 ? 0 : (double)both * (entities - 1) / ((double)having.Length * target.Count);
            items.Add((both, lift, Confidence(both, having.Length)));
        }

        values[$"{side}.Items.Shared"] = items.Count(item => item.Both > 0);
        values[$"{side}.Items.Count"] = items.Sum(item => item.Both);
        values[$"{side}.Items.MeanLift"] = items.Count == 0 ? 0 : items.Average(item => item.Lift);
        values[$"{side}.Items.MaxLift"] = items.Count == 0 ? 0 : items.Max(item => item.Lift);
        double[] best = [.. items.Select(item => item.Confidence).OrderDescending()];
        for (int i = 0; i < 5; i++)
        {
            values[$"{side}.Items.Confidence{i + 1}"] = best.ElementAtOrDefault(i);
        }
    }

    private void Kinds(string side, int signed, (int From, int Signed, int To)[] own, Dictionary<string, double> values)
    {
        List<double> shares = [];
        foreach (int relation in own.Select(edge => edge.Signed).Where(relation => relation != signed).Distinct())
        {
            HashSet<int> With(int sought) =>
                [.. _edges.Where(edge => edge.Signed == sought).Select(edge => edge.From)];
            HashSet<int> having = With(relation);
            shares.Add(Confidence(having.Intersect(With(signed)).Count(), having.Count));
        }

        values[$"{side}.Kind.Mean"] = shares.Count == 0 ? 0 : shares.Average();
        values[$"{side}.Kind.Max"] = shares.Count == 0 ? 0 : shares.Max();
        values[$"{side}.Kind.Min"] = shares.Count == 0 ? 0 : shares.Min();
    }
}

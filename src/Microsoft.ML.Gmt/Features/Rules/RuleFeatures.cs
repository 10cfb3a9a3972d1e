
namespace Microsoft.ML.Gmt.Features;

/// <summary>What rules of one and of two steps say of the triple.</summary>
internal sealed class RuleFeatures(OneStepRules oneStep, TwoStepRules twoSteps) : IFeatureGroup
{
    private const int OfOneStep = 6;

    /// <summary>The slots of every group of this kind.</summary>
    public static IReadOnlyList<FeatureSlot> Layout { get; } =
    [
        new("Rule1.Confidence1", "Highest confidence, support / (body + 5), of a rule from a direct edge of head and tail; 0 for none."),
        new("Rule1.Confidence2", "Second highest confidence of such a rule."),
        new("Rule1.NoisyOr", "1 − Π (1 − confidence) over such rules."),
        new("Rule1.Support", "Support of the rule of the highest confidence: pairs that have both edges."),
        new("Rule1.Rules", "Such rules that have support."),
        new("Rule1.WithoutSupport", "Direct edges between head and tail that no other triple of the relation has beside it."),
        new("Rule2.Confidence1", "Highest confidence, support / (body + 5), of a rule from a type of two-step paths from head to tail."),
        new("Rule2.Confidence2", "Second highest confidence of such a rule."),
        new("Rule2.Confidence3", "Third highest confidence of such a rule."),
        new("Rule2.NoisyOr", "1 − Π (1 − confidence) over such rules, each once."),
        new("Rule2.Support", "Support of the rule of the highest confidence: paths between ends of triples of the relation."),
        new("Rule2.Rules", "Such rules that have support."),
        new("Rule2.WithoutSupport", "Types of two-step paths from head to tail that have no support."),
        new("Rule2.Paths", "Two-step paths from head to tail."),
        new("Rule2.MeanConfidence", "Mean confidence of those paths' rules; 0 without paths."),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<FeatureSlot> Slots => Layout;

    /// <inheritdoc/>
    public void Compute(FeatureQuery query, FeatureScratch scratch, Span<float> values)
    {
        values.Clear();
        ComputeOneStep(query, values[..OfOneStep]);
        ComputeTwoSteps(query, scratch.Common, values[OfOneStep..]);
    }

    private void ComputeOneStep(FeatureQuery query, Span<float> values)
    {
        (int head, int relation, int tail) = query.Triple;
        var best = new BestRules(2);
        int without = 0;
        foreach (int signed in query.Edges.Edges.Between(head, tail))
        {
            if (signed != 2 * relation && !query.Edges.Hides(head, signed, tail))
            {
                (int support, int body) = oneStep.Of(query.Edges, signed, relation);
                best.Add(support, body);
                without += support == 0 ? 1 : 0;
            }
        }

        values[0] = best[0];
        values[1] = best[1];
        values[2] = best.NoisyOr;
        values[3] = best.Support;
        values[4] = best.Count;
        values[5] = without;
    }

    private void ComputeTwoSteps(FeatureQuery query, CommonNeighbors common, Span<float> values)
    {
        var best = new BestRules(3);
        (int without, long paths, double sum) = (0, 0, 0);
        IReadOnlyList<long> types = common.PathTypes;
        for (int i = 0; i < types.Count; i++)
        {
            int count = common.CountOf(types[i]);
            (long support, long body) = twoSteps.Of(query.Edges, types[i], query.Triple.Relation, query.Triple, count);
            sum += (double)count * best.Add(support, body);
            without += support == 0 ? 1 : 0;
            paths += count;
        }

        values[0] = best[0];
        values[1] = best[1];
        values[2] = best[2];
        values[3] = best.NoisyOr;
        values[4] = best.Support;
        values[5] = best.Count;
        values[6] = without;
        values[7] = paths;
        values[8] = Ratio.Of(sum, paths);
    }
}

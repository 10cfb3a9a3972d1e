using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>A knowledge graph as tools of a language model, for any chat client of Microsoft.Extensions.AI that calls functions.</summary>
public static class GmtFunctions
{
    private const int MostAnswers = 100, MostEvidence = 20;

    private const string Head = "What the fact is about: the name or label of an entity of the graph.",
        Relation = "The relation's name or label, such as 'made of'.",
        Tail = "What the relation leads to: the name or label of an entity of the graph.";

    // What is missing is said to be null, as the descriptions promise.
    private static readonly JsonSerializerOptions Json =
        new(AIJsonUtilities.DefaultOptions) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    /// <summary>
    /// Makes the functions <c>verdict</c>, <c>rank</c> and <c>explain</c>. Names that the graph lacks are answered as data, with
    /// suggestions that a language model can try again with; no answer holds a NaN.
    /// </summary>
    /// <param name="scorer">Who answers.</param>
    /// <returns>The three functions, in this order.</returns>
    /// <example>
    /// <code>
    /// ServiceProvider services = new ServiceCollection().AddLogging()
    ///     .AddGmt(options => options.GraphPath = "products.csv").BuildServiceProvider();
    /// IReadOnlyList&lt;AIFunction> functions = GmtFunctions.Create(services.GetRequiredService&lt;IGmtScorer>());
    /// var options = new ChatOptions { Tools = [.. functions] };   // for IChatClient.GetResponseAsync
    /// object? verdict = await functions[0].InvokeAsync(
    ///     new() { ["head"] = "Ball valve 3/4\" no. 103", ["relation"] = "made of", ["tail"] = "bronze" });
    /// </code>
    /// </example>
    public static IReadOnlyList<AIFunction> Create(IGmtScorer scorer)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        return
        [
            AIFunctionFactory.Create(
                (
                    [Description(Head)] string head, [Description(Relation)] string relation, [Description(Tail)] string tail,
                    CancellationToken cancellationToken) => scorer.JudgeAsync(new NamedFact(head, relation, tail), cancellationToken),
                "verdict",
                "Says whether a fact (head, relation, tail) holds by a knowledge graph, and how probable that is. Where a name is unknown, "
                + "isTrue is null, and problems suggest names to try again with.",
                Json),
            AIFunctionFactory.Create(
                (
                    [Description(Relation)] string relation,
                    [Description("The head, to ask which tails complete the fact; leave it out to ask for heads.")] string? head = null,
                    [Description("The tail, to ask which heads complete the fact; leave it out to ask for tails.")] string? tail = null,
                    [Description("How many entities at most, from 1 to 100.")] int count = 10,
                    [Description("Whether facts that the graph states already are left out.")] bool onlyNew = false,
                    CancellationToken cancellationToken = default) => scorer.RankAsync(
                        new LinkQuestion(head, relation, tail) { Count = Math.Clamp(count, 1, MostAnswers), OnlyNew = onlyNew },
                        cancellationToken),
                "rank",
                "Ranks the entities of a knowledge graph that complete a fact, best first: give relation and head to find tails, relation "
                + "and tail to find heads. Where a name is unknown, problems suggest names to try again with.",
                Json),
            AIFunctionFactory.Create(
                (
                    [Description(Head)] string head, [Description(Relation)] string relation, [Description(Tail)] string tail,
                    [Description("How many pieces of evidence of each kind at most, from 1 to 20.")] int count = 5,
                    CancellationToken cancellationToken = default) => scorer.ExplainAsync(
                        new NamedFact(head, relation, tail), Math.Clamp(count, 1, MostEvidence), cancellationToken),
                "explain",
                "Says whether a fact (head, relation, tail) holds by a knowledge graph, and by what evidence: paths and edges of it, and "
                + "features. Where a name is unknown, problems suggest names to try again with.",
                Json),
        ];
    }
}

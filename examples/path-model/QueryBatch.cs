using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;

namespace Examples.PathModel;

/// <summary>Questions about facts that a subgraph holds out, with all their answers.</summary>
/// <param name="Subgraph">The subgraph.</param>
/// <param name="Queries">The questions: each asks for at least one answer that is held out, and the subgraph's facts give others.</param>
internal sealed record QueryBatch(Subgraph Subgraph, PathTrainingQuery[] Queries)
{
    /// <summary>Draws questions, (h, r, ?) and (?, r, t), of a limited number of relations.</summary>
    /// <param name="subgraph">The subgraph.</param>
    /// <param name="mostQueries">The most questions.</param>
    /// <param name="mostRelations">The most relations that they ask about; a run of the relation network each.</param>
    /// <param name="random">Chooses.</param>
    public static QueryBatch Draw(Subgraph subgraph, int mostQueries, int mostRelations, ref CounterRandom random)
    {
        Triple[] facts = [.. subgraph.HeldOut];
        random.Shuffle<Triple>(facts);
        HashSet<int> relations = [];
        Dictionary<(int Source, int Label), List<int>> asked = [], known = [];
        foreach (Triple fact in facts)
        {
            if (relations.Contains(fact.Relation) || relations.Count < mostRelations)
            {
                relations.Add(fact.Relation);
                Add(asked, fact, _ => true);
            }
        }

        foreach (Triple fact in subgraph.Facts)
        {
            Add(known, fact, asked.ContainsKey);
        }

        // In the order of the facts, which is random: a question is as likely as it has answers. One to which all entities are known
        // answers asks nothing.
        (int Source, int Label)[] chosen =
        [
            .. facts.SelectMany(fact => Questions(fact)).Distinct().Where(query => asked.TryGetValue(query, out List<int>? answers)
                && answers.Concat(known.GetValueOrDefault(query) ?? []).Distinct().Count() < subgraph.EntityCount).Take(mostQueries),
        ];
        return new QueryBatch(subgraph, Array.ConvertAll(chosen, query =>
        {
            int[] answers = [.. asked[query].Distinct()];
            return new PathTrainingQuery(
                query.Source, query.Label, answers, [.. answers.Concat(known.GetValueOrDefault(query) ?? [])], []);
        }));

        (int Source, int Label)[] Questions(Triple fact) =>
            [(fact.Head, fact.Relation), (fact.Tail, fact.Relation + subgraph.RelationCount)];

        void Add(Dictionary<(int, int), List<int>> lists, Triple fact, Func<(int, int), bool> isWanted)
        {
            (int Source, int Label)[] questions = Questions(fact);
            AddOne(questions[0], fact.Tail);
            AddOne(questions[1], fact.Head);

            void AddOne((int, int) query, int answer)
            {
                if (isWanted(query))
                {
                    if (!lists.TryGetValue(query, out List<int>? answers))
                    {
                        lists.Add(query, answers = []);
                    }

                    answers.Add(answer);
                }
            }
        }
    }

    /// <summary>The subgraph, laid out to be trained on.</summary>
    public FoundationGraph LayOut() => new(EntityMessages.Build(Subgraph.EntityCount, Subgraph.RelationCount, Subgraph.Facts));
}

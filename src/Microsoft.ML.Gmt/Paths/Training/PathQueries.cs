using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The questions of a path model's training: of each (entity, relation, direction) the answers are dealt out to a few questions anew in
/// each epoch, so that a question goes without the edges to its own answers and keeps those to the others.
/// </summary>
internal sealed class PathQueries
{
    private readonly MessageGraph _messages;
    private readonly int _relations, _batchSize, _chunks;
    private readonly RandomStreams _streams;
    private readonly (int Source, int Label, int[] Answers, int[] Known)[] _questions;

    /// <param name="graph">The graph, whose training triples are known to be true beside those that are trained on.</param>
    /// <param name="messages">Its edges.</param>
    /// <param name="triples">True triples to train on.</param>
    /// <param name="options">Settled options.</param>
    public PathQueries(KnowledgeGraph graph, MessageGraph messages, Triple[] triples, PathTrainingOptions options)
    {
        (_messages, _relations) = (messages, graph.Relations.Count);
        (_batchSize, _chunks) = (options.BatchSize, options.QuestionsPerQuery);
        _streams = new RandomStreams(options.SeedOrDefault);
        Dictionary<(int, int), SortedSet<int>> asked = [], known = [];
        Add(triples, asked);
        Add(triples, known);
        Add(graph.Triples(GraphSplit.Train), known);
        _questions =
        [
            .. asked.OrderBy(pair => pair.Key).Select(pair =>
                (pair.Key.Item1, pair.Key.Item2, pair.Value.ToArray(), known[pair.Key].ToArray())),
        ];
        Count = _questions.Sum(question => Math.Min(_chunks, question.Answers.Length));
    }

    /// <summary>Questions of an epoch.</summary>
    public int Count { get; }

    /// <summary>How many questions an epoch of some triples has.</summary>
    /// <param name="triples">True triples.</param>
    /// <param name="chunks">To how many questions a query's answers are dealt out.</param>
    public static int CountOf(ReadOnlySpan<Triple> triples, int chunks)
    {
        Triple[] distinct = [.. triples.ToArray().Distinct()];
        return distinct.CountBy(triple => (triple.Head, triple.Relation)).Concat(distinct.CountBy(triple => (triple.Tail, triple.Relation)))
            .Sum(query => Math.Min(chunks, query.Value));
    }

    /// <summary>An epoch's batches; the epoch, from 0, decides all chance in them.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="firstStep">How many of its batches to pass over.</param>
    public IEnumerable<PathTrainingQuery[]> Epoch(int epoch, long firstStep)
    {
        CounterRandom random = _streams.Stream("path-questions", epoch);
        List<(int Question, int[] Answers)> dealt = [];
        for (int i = 0; i < _questions.Length; i++)
        {
            int[] answers = [.. _questions[i].Answers];
            random.Shuffle(answers.AsSpan());
            int parts = Math.Min(_chunks, answers.Length);
            for (int part = 0; part < parts; part++)
            {
                int first = (int)((long)answers.Length * part / parts), end = (int)((long)answers.Length * (part + 1) / parts);
                dealt.Add((i, answers[first..end]));
            }
        }

        (int Question, int[] Answers)[] order = [.. dealt];
        random.Shuffle(order.AsSpan());
        for (long start = firstStep * _batchSize; start < order.Length; start += _batchSize)
        {
            yield return [.. order.Skip((int)start).Take(_batchSize).Select(part => Question(part.Question, part.Answers))];
        }
    }

    private PathTrainingQuery Question(int question, int[] answers)
    {
        (int source, int label, _, int[] known) = _questions[question];
        Triple[] hidden = Array.ConvertAll(answers, answer => label < _relations
            ? new Triple(source, label, answer) : new Triple(answer, label - _relations, source));
        return new PathTrainingQuery(source, label, answers, known, EntityMessages.Stating(_messages, hidden));
    }

    private void Add(ReadOnlySpan<Triple> triples, Dictionary<(int, int), SortedSet<int>> answers)
    {
        foreach ((int head, int relation, int tail) in triples)
        {
            AddOne((head, relation), tail);
            AddOne((tail, relation + _relations), head);
        }

        void AddOne((int, int) question, int answer)
        {
            if (!answers.TryGetValue(question, out SortedSet<int>? own))
            {
                answers.Add(question, own = []);
            }

            own.Add(answer);
        }
    }
}

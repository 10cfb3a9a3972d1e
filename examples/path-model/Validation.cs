using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Examples.PathModel;

/// <summary>How well a model ranks answers on subgraphs of relations that it was not trained on.</summary>
internal sealed class Validation
{
    private readonly List<QueryBatch> _batches = [];

    /// <param name="source">Triples of the relations held out.</param>
    /// <param name="sampler">Which subgraphs are drawn.</param>
    /// <param name="subgraphs">How many subgraphs.</param>
    /// <param name="queries">How many questions about each.</param>
    public Validation(SourceGraph source, SamplerOptions sampler, int subgraphs, int queries)
    {
        var draw = new SubgraphSampler(source, sampler);
        for (int i = 0; i < subgraphs; i++)
        {
            // Its own seed: the questions are the same whatever the run's.
            CounterRandom random = new RandomStreams(RandomStreams.DefaultSeed).Stream("path-validation", i);
            _batches.Add(QueryBatch.Draw(draw.Draw(ref random), queries, int.MaxValue, ref random));
        }
    }

    /// <summary>The mean reciprocal realistic rank of all answers, the other answers left out.</summary>
    public double MeanReciprocalRank(FoundationModule module, CancellationToken cancellation)
    {
        using IDisposable inference = no_grad();
        List<double> reciprocals = [];
        foreach (QueryBatch batch in _batches)
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            using FoundationGraph graph = batch.LayOut();
            float[] scores = FoundationForward.Scores(module, graph, batch.Queries).data<float>().ToArray();
            for (int query = 0; query < batch.Queries.Length; query++)
            {
                int entities = batch.Subgraph.EntityCount;
                reciprocals.AddRange(Reciprocals(scores.AsSpan(query * entities, entities), batch.Queries[query]));
            }
        }

        return reciprocals.Average();
    }

    private static List<double> Reciprocals(ReadOnlySpan<float> scores, PathTrainingQuery query)
    {
        HashSet<int> answers = [.. query.Known];
        List<double> reciprocals = [];
        foreach (int answer in query.Answers)
        {
            int greater = 0, equal = 0;
            for (int entity = 0; entity < scores.Length; entity++)
            {
                if (!answers.Contains(entity))
                {
                    greater += scores[entity] > scores[answer] ? 1 : 0;
                    equal += scores[entity] == scores[answer] ? 1 : 0;
                }
            }

            reciprocals.Add(1 / (1 + greater + (equal / 2.0)));
        }

        return reciprocals;
    }
}

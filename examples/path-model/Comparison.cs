using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;

namespace Examples.PathModel;

/// <summary>What the model's card says of graphs that it is judged on.</summary>
internal static class Comparison
{
    /// <summary>Prints what graphs share by name.</summary>
    /// <param name="data">Folders of graphs that are trained on.</param>
    /// <param name="judged">Folders of graphs that are judged on.</param>
    public static void OfNames(string[] data, string[] judged)
    {
        foreach (string folder in judged)
        {
            KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder);
            foreach (string trained in data)
            {
                var overlap = NameOverlap.Of(KnowledgeGraphReader.ReadOpenKe(trained), graph);
                Console.WriteLine(
                    $"{folder} and {trained}: {overlap.Entities:N0} of {graph.Entities.Count:N0} entities have a name of the other; of "
                    + $"{graph.Triples(GraphSplit.Test).Length:N0} test triples both ends of {overlap.TestTriples:N0} do, and "
                    + $"{overlap.JoinedTriples:N0} of these are joined by a training triple");
            }
        }
    }

    /// <summary>Prints figures of a model, of an untrained one, and of common neighbors.</summary>
    /// <param name="model">A checkpoint.</param>
    /// <param name="judged">Folders of graphs that are judged on.</param>
    /// <param name="cancellation">Ends the ranking.</param>
    public static void Judge(string model, string[] judged, CancellationToken cancellation)
    {
        FoundationModel trained = FoundationCheckpoint.Read(model);
        using FoundationModule module = FoundationModule.Create(PretrainingOptions.Shape, new RandomStreams(RandomStreams.DefaultSeed));
        FoundationModel untrained = module.ToModel(new PathModelOrigin("untrained", ""));
        foreach (string folder in judged)
        {
            KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder);
            using var scorer = new PathScorer(trained, graph);
            using var start = new PathScorer(untrained, graph);
            Print(model, scorer);
            Print("untrained", start);
            Print("common neighbors", new CommonNeighborScorer(graph));

            void Print(string name, ITripleScorer judged)
            {
                Judgment found = Judgment.Of(judged, cancellation);
                Console.WriteLine(
                    $"{folder}  {name}: MRR {found.MeanReciprocalRank:F4}  Hits@10 {found.HitsAt10:F4}"
                    + (found.Accuracy is { } accuracy ? $"  accuracy {accuracy:F4}" : ""));
            }
        }
    }
}

using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>Recorded numbers of ULTRA's checkpoints on one graph; their README says what they are.</summary>
internal sealed class UltraGolden : IDisposable
{
    private readonly SafetensorsFile _file;

    private UltraGolden(string name)
    {
        _file = SafetensorsFile.Open(Goldens.Root($"ultra/{name}.safetensors"));
        Graph = name == "crafted" ? Crafted() : KnowledgeGraphReader.ReadOpenKe(Goldens.DataSet(name));
    }

    public KnowledgeGraph Graph { get; }

    public static UltraGolden Open(string name) => new(name);

    /// <summary>A checkpoint: 3g, 4g or 50g.</summary>
    public static FoundationModel Model(string checkpoint) => FoundationCheckpoint.Read(CheckpointPath(checkpoint));

    public static string CheckpointPath(string checkpoint) => Path.Combine(Goldens.RealModel("ultra"), $"ultra_{checkpoint}.pth");

    public float[] Numbers(string name)
    {
        using Tensor tensor = _file.Get(name);
        return tensor.data<float>().ToArray();
    }

    public int[] Ids(string name)
    {
        using Tensor tensor = _file.Get(name);
        return tensor.data<int>().ToArray();
    }

    public Triple[] Triples(string name) => [.. Ids(name).Chunk(3).Select(row => new Triple(row[0], row[1], row[2]))];

    public void Dispose() => _file.Dispose();

    /// <summary>Says where two runs of numbers differ most, if they differ by more than allowed.</summary>
    public static void AreNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        for (int i = 0; i < expected.Length; i++)
        {
            // Written so that NaN fails.
            Assert.IsTrue(
                Math.Abs((double)expected[i] - actual[i]) <= tolerance,
                $"{what}, number {i}: {expected[i]:g9} is recorded, {actual[i]:g9} came");
        }
    }

    private KnowledgeGraph Crafted()
    {
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, 8).Select(id => $"entity {id}"), Enumerable.Range(0, 5).Select(id => $"relation {id}"));
        builder.AddRange(Triples("triples"));
        return builder.Build();
    }
}
